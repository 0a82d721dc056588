//! There are no processes, threads or signals to be had.

use api::python::Outcome;

use super::{Ends, Prints, Raises, attempts};

attempts! {
    starting_a_program:
        "import subprocess; subprocess.run(['ls'])" => Raises("OSError: [Errno 58] wasi does not support processes.");
    starting_a_shell:
        "import os; print(denied(lambda: os.system('id')), denied(lambda: os.popen('id')))" => Prints("AttributeError OSError 58\n");
    forking:
        "import os; print(denied(lambda: os.fork()), denied(lambda: os.forkpty()), denied(lambda: __import__('pty').spawn('sh')))" => Prints("AttributeError AttributeError ModuleNotFoundError\n");
    becoming_another_program:
        "import os; print(denied(lambda: os.execv('/bin/sh', ['sh'])), denied(lambda: os.posix_spawn('/bin/sh', ['sh'], {})), denied(lambda: os.spawnv(0, '/bin/sh', ['sh'])))"
        => Prints("AttributeError AttributeError AttributeError\n");
    killing_the_host:
        "import os, signal; print(denied(lambda: os.kill(1, 9)), denied(lambda: os.kill(os.getpid(), 9)), denied(lambda: os.killpg(0, 9)))"
        => Prints("AttributeError AttributeError AttributeError\n");
    raising_a_signal:
        "import signal; signal.raise_signal(signal.SIGTERM)" => Ends(Outcome::Crashed, 134);
    an_alarm:
        "import signal; print(denied(lambda: signal.alarm(1)), denied(lambda: signal.setitimer(0, 1)))" => Prints("AttributeError AttributeError\n");
    aborting:
        "import os; os.abort()" => Ends(Outcome::Crashed, 134);
    a_thread:
        "import threading; threading.Thread(target=print).start()" => Raises("RuntimeError: can't start new thread");
    a_thousand_threads:
        "import _thread; print({denied(_thread.start_new_thread, print, ()) for _ in range(1000)})" => Prints("{'RuntimeError'}\n");
    waiting_for_a_thread_that_cannot_come:
        "import threading; threading.Event().wait()" => Ends(Outcome::Crashed, 134);
    a_pool_of_threads:
        "from concurrent.futures import ThreadPoolExecutor; print(denied(lambda: ThreadPoolExecutor().submit(print)))" => Prints("RuntimeError\n");
    a_pool_of_processes:
        "from concurrent.futures import ProcessPoolExecutor; print(denied(lambda: ProcessPoolExecutor().submit(print)))" => Prints("NotImplementedError\n");
    multiprocessing:
        "import multiprocessing; print(denied(multiprocessing.Process(target=print).start))" => Prints("AttributeError\n");
    shared_memory:
        "print(denied(lambda: __import__('multiprocessing.shared_memory')), denied(lambda: __import__('_posixshmem')))" => Prints("ModuleNotFoundError ModuleNotFoundError\n");
    changing_its_priority_and_user:
        "import os; print(denied(lambda: os.nice(-20)), denied(lambda: os.setuid(0)), denied(lambda: os.sched_setaffinity(0, [0])))" => Prints("AttributeError AttributeError AttributeError\n");
    calculating_without_them_is_allowed:
        "print(sum(map(lambda x: x * x, range(1000))))" => Prints("332833500\n");
}
