//! What a program can learn about the host.

use super::{Prints, Raises, attempts};

attempts! {
    the_environment_is_a_fixed_one:
        "import os; print(dict(sorted(os.environ.items())))"
        => Prints("{'HOME': '/workspace', 'LANG': 'C.UTF-8', 'MPLBACKEND': 'agg', 'MPLCONFIGDIR': '/tmp', 'PWD': '/workspace', 'TMPDIR': '/tmp', 'TZ': 'UTC', 'USER': 'python'}\n");
    setting_a_variable_is_allowed:
        "import os; os.environ['A'] = 'b'; print(os.getenv('A'))" => Prints("b\n");

    looking_for_a_secret_in_every_object:
        "import gc
needle = 'nothing inside ' + 'may read'
print(sum(needle in repr(value) for value in gc.get_objects() if isinstance(value, (str, bytes, list, dict, tuple)) and len(value) < 1000 and value is not globals()))"
        => Prints("0\n");
    the_hosts_name:
        "import platform, socket, os; print(repr(platform.node()), denied(lambda: socket.gethostname()), denied(lambda: os.uname().nodename))"
        => Prints("'(none)' allowed: '(none)' allowed: '(none)'\n");
    the_hosts_user:
        "import getpass, os; print(getpass.getuser(), denied(lambda: os.getuid()), denied(lambda: os.getlogin()), denied(lambda: __import__('pwd')))"
        => Prints("python AttributeError AttributeError ModuleNotFoundError\n");
    the_hosts_processors_and_memory:
        "import os; print(os.cpu_count(), denied(lambda: __import__('resource')))"
        => Prints("1 ModuleNotFoundError\n");
    the_hosts_processes:
        "import os; print(os.getpid(), denied(lambda: os.getppid()))" => Prints("42 AttributeError\n");
    the_command_line_of_the_host:
        "import sys; print(sys.orig_argv, sys.executable)" => Prints("['python'] /usr/local/bin/python.wasm\n");
    the_hosts_time_zone:
        "import time; print(time.tzname, time.timezone)" => Prints("('UTC', 'UTC') 0\n");
    where_the_workspace_really_is:
        "import os; print(os.getcwd(), os.path.realpath('.'), os.path.abspath('..'))" => Prints("/workspace /workspace /\n");
    the_hosts_file_system_numbers:
        "import os; open('a', 'w'); status = os.stat('a'); print(status.st_uid, status.st_gid)" => Prints("0 0\n");
    a_module_that_is_none_of_its_business:
        "import fcntl" => Raises("ModuleNotFoundError: Unsupported platform for standard library module 'fcntl'");
}
