"""Runs a program and tells what it cost: run(). As a script it is the small parent that run() starts the program from.

Linux counts the memory of the process that a program was started from towards the program's own peak, so the one that starts it has to be
smaller than anything measured: this script without site-packages, about 9 MB."""
import os
import sys


def parent(result, command):
    """Runs the command; writes its exit status, CPU seconds and peak memory in MB to the file descriptor `result`."""
    null = os.open(os.devnull, os.O_RDWR)
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)])
    _, status, usage = os.wait4(child, 0)
    line = f"{os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss / 1024}"
    os.write(result, line.encode())


def run(command, **environment):
    """Runs a command on one thread. (CPU seconds of the whole process, its peak memory in MB); OSError with its last words if it fails."""
    import subprocess

    one = {k: "1" for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    read, write = os.pipe()
    done = subprocess.run([sys.executable, "-I", "-S", __file__, str(write), *map(str, command)], pass_fds=[write], text=True,
                          stderr=subprocess.PIPE, env={**os.environ, **one, **environment})
    os.close(write)
    with os.fdopen(read) as f:
        told = f.read().split()
    if done.returncode or not told or told[0] != "0":
        raise OSError(f"{' '.join(map(str, command))}\n{done.stderr.strip()}")
    return float(told[1]), float(told[2])


if __name__ == "__main__":
    parent(int(sys.argv[1]), sys.argv[2:])
