//! Files outside the workspace.

use super::{Prints, Raises, attempts};

attempts! {
    its_own_files_are_allowed:
        "open('a', 'w').write('x'); print(open('/workspace/a').read(), open('./a').read())"
        => Prints("x x\n");
    its_own_tmp_is_allowed:
        "open('/tmp/a', 'w').write('x'); print(open('/tmp/a').read())" => Prints("x\n");
    the_standard_library_may_be_read:
        "import os; print(os.listdir('/usr/local/lib'))" => Prints("['python315.zip']\n");

    reading_the_hosts_passwords:
        "open('/etc/passwd')" => Raises("FileNotFoundError: [Errno 44] No such file or directory: '/etc/passwd'");
    reading_the_hosts_processes:
        "print([denied(open, path) for path in ('/proc/self/environ', '/proc/self/maps', '/proc/1/root/etc/passwd', '/proc/self/fd/0')])"
        => Prints("['FileNotFoundError 44', 'FileNotFoundError 44', 'FileNotFoundError 44', 'FileNotFoundError 44']\n");
    opening_devices:
        "print({denied(open, f'/dev/{name}') for name in ('mem', 'sda', 'null', 'tty', 'stdin', 'fd/0', 'shm/x')})"
        => Prints("{'FileNotFoundError 44'}\n");
    climbing_out_with_dots:
        "print({denied(open, '../' * depth + name) for depth in range(1, 12) for name in ('secret.txt', 'scratch/secret.txt', 'etc/passwd')})"
        => Prints("{'PermissionError 63'}\n");
    climbing_out_from_a_folder_of_ones_own:
        "import os; os.makedirs('a/b'); print({denied(open, path) for path in ('a/../../secret.txt', 'a/b/../../../secret.txt', '/workspace/../secret.txt', '/tmp/../secret.txt')})"
        => Prints("{'PermissionError 63'}\n");
    climbing_out_by_changing_the_folder:
        "import os; print(denied(os.chdir, '..'), denied(os.chdir, '/'), denied(os.chdir, '/etc'))"
        => Prints("PermissionError 63 FileNotFoundError 44 FileNotFoundError 44\n");
    climbing_out_through_the_descriptors_of_the_mounts:
        "import os
found = {denied(lambda: os.open(name, os.O_RDONLY, dir_fd=fd)) for fd in range(3, 7) for name in ('..', '../secret.txt', '../../secret.txt', '/etc/passwd')}
print(sorted(found))"
        => Prints("['FileNotFoundError 44', 'PermissionError 63']\n");
    listing_the_root:
        "import os; os.listdir('/')" => Raises("FileNotFoundError: [Errno 44] No such file or directory: '/'");
    walking_from_the_root_finds_nothing:
        "import os; print(list(os.walk('/')), list(os.walk('..')))" => Prints("[] []\n");
    writing_beside_the_workspace:
        "print(denied(open, '../made', 'w'), denied(open, '/made', 'w'), denied(open, '/usr/made', 'w'))"
        => Prints("PermissionError 63 FileNotFoundError 44 FileNotFoundError 44\n");
    writing_into_the_standard_library:
        "open('/usr/local/lib/made.py', 'w')" => Raises("PermissionError: [Errno 63] Operation not permitted: '/usr/local/lib/made.py'");
    overwriting_the_standard_library:
        "import os
zip = '/usr/local/lib/python315.zip'
print([denied(action, zip, *more) for action, more in ((open, ['r+b']), (open, ['ab']), (open, ['wb']), (os.remove, []), (os.truncate, [0]), (os.rename, ['/usr/local/lib/x']), (os.rename, ['/workspace/x']), (os.utime, []))])"
        => Prints("['PermissionError 63', 'PermissionError 63', 'PermissionError 63', 'PermissionError 63', 'PermissionError 63', 'PermissionError 63', 'PermissionError 63', 'PermissionError 63']\n");
    making_and_removing_folders_of_the_system:
        "import os; print(denied(os.mkdir, '/made'), denied(os.mkdir, '/usr/local/lib/made'), denied(os.rmdir, '/workspace'), denied(os.rmdir, '/tmp'))"
        => Prints("FileNotFoundError 44 PermissionError 63 OSError 28 OSError 28\n");
    moving_a_file_out:
        "import os; open('a', 'w'); print(denied(os.rename, 'a', '../a'), denied(os.replace, 'a', '/a'), os.path.exists('a'))"
        => Prints("PermissionError 63 FileNotFoundError 44 True\n");
    changing_owners_and_modes:
        "import os; open('a', 'w'); os.chmod('a', 0o6777); print(oct(os.stat('a').st_mode), denied(lambda: os.chown('a', 0, 0)))"
        => Prints("0o100000 AttributeError\n");
    making_devices_and_pipes:
        "import os; print(denied(lambda: os.mkfifo('a')), denied(lambda: os.mknod('a')))"
        => Prints("AttributeError AttributeError\n");
    a_name_with_a_nul:
        "open('a\\0b')" => Raises("ValueError: embedded null byte");
    a_name_that_is_too_long:
        "print(denied(open, 'x' * 5000, 'w'), denied(open, 'x' * 300, 'w'))" => Prints("OSError 37 OSError 37\n");
    a_path_that_is_too_deep:
        "import os
depth = 0
try:
    while True:
        os.mkdir('x' * 50)
        os.chdir('x' * 50)
        depth += 1
except OSError as error:
    print(error.errno, depth > 5)"
        => Prints("37 True\n");
    removing_everything_one_can_reach:
        "import shutil
for path in ('/', '/usr/local/lib', '..', '/tmp', '/workspace'): shutil.rmtree(path, ignore_errors=True)
import os; print(os.listdir('/usr/local/lib'))"
        => Prints("['python315.zip']\n");
}
