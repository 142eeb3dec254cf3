"""limn-cli batch under the programs that people spread work with: GNU parallel over ssh, and an array of Slurm. Each worker has a part, one is
killed, and in the end every picture is there once. Skipped where these programs, or what they need to be started by a test, are missing.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import time

import numpy as np

from harness import CLI, Skip, main, photo, save_jpeg, succeed

COUNT = 24


def need(*programs):
    path = os.environ["PATH"] + ":/usr/sbin"
    for program in programs:
        if not shutil.which(program, path=path):
            raise Skip(program + " is not installed")
    return [shutil.which(program, path=path) for program in programs]


def write_photos():
    os.mkdir("in")
    for i in range(COUNT):
        save_jpeg("in/p%02d.jpg" % i, np.repeat(photo(640, 480, 1, seed=i), 3, 2))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return
        time.sleep(.05)
    raise AssertionError("waited in vain for " + what)


def made():
    """Names of the results, once for each time that one was put into its place."""
    names = []
    for log in os.listdir("out/.limn-batch"):
        for line in open("out/.limn-batch/" + log):
            entry = json.loads(line)
            names += [entry["out"]] if "recipe" in entry else []
    return names


def count_results():
    return len([name for name in os.listdir("out") if name.endswith(".jpg")]) if os.path.isdir("out") else 0


def workers():
    """Numbers of the processes that fill this folder's results."""
    found, here = [], os.getcwd()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open("/proc/%s/cmdline" % name, "rb").read().split(b"\0")
        except OSError:
            continue
        if os.path.basename(words[0]) == b"limn-cli" and (here + "/out").encode() in words:
            found.append(int(name))
    return found


def kill_one():
    """Once some pictures are there, one worker is killed as hard as can be."""
    wait_for(lambda: count_results() >= 3 and workers(), "the first pictures")
    for worker in workers()[:1]:
        try:
            os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            pass


def check_results():
    assert sorted(name for name in os.listdir("out") if not name.startswith(".limn-batch")) == sorted(os.listdir("in"))
    names = made()
    assert sorted(set(names)) == sorted(os.listdir("in"))
    assert len(names) == COUNT, "done twice: %s" % sorted(name for name in set(names) if names.count(name) > 1)
    last = json.loads(succeed("batch", "colorize", "in", "-o", "out", "--json").splitlines()[-1])
    assert last["skipped"] == COUNT, last


def start_sshd(sshd, keygen):
    """A server for this user alone on a port of its own; (process, port)."""
    here, port = os.getcwd(), free_port()
    for key in ("host", "user"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    shutil.copy("user.pub", "authorized")
    open("sshd.conf", "w").write("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/authorized\nStrictModes no\n"
                                 "UsePAM no\nPidFile none\nPasswordAuthentication no\n" % (port, here, here))
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    server = subprocess.Popen([sshd, "-D", "-f", here + "/sshd.conf"], stderr=subprocess.DEVNULL)

    def listens():
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0
    wait_for(listens, "sshd")
    return server, port


def test_gnu_parallel_over_ssh():
    parallel, sshd, ssh, keygen = need("parallel", "sshd", "ssh", "ssh-keygen")
    write_photos()
    server, port = start_sshd(sshd, keygen)
    here = os.getcwd()
    try:
        shell = "%s -p %d -i %s/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR" % (ssh, port, here)
        photos = ["%s/in/%s" % (here, name) for name in sorted(os.listdir("in"))]
        run = subprocess.Popen([parallel, "--will-cite", "-N", "6", "--retries", "3", "--ssh", shell, "-S", "2/%s@127.0.0.1" % getpass.getuser(),
                                CLI, "batch", "colorize", "{}", "-o", here + "/out", "-q", "--jobs", "1", ":::", *photos],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        kill_one()
        _, err = run.communicate(timeout=240)
        assert run.returncode == 0, (run.returncode, err)
    finally:
        server.terminate()
        server.wait()
    check_results()


def start_slurm(programs, here):
    """munge and Slurm with one node, this computer, as this test's own; processes to be ended."""
    munged, slurmctld, slurmd = programs
    host, (port, node_port) = socket.gethostname().split(".")[0], (free_port(), free_port())
    open("munge.key", "wb").write(os.urandom(1024))
    os.chmod("munge.key", 0o400)
    open("slurm.conf", "w").write("""ClusterName=test
SlurmctldHost=%(host)s(127.0.0.1)
SlurmctldPort=%(port)d
SlurmdPort=%(node_port)d
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%(here)s/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobRequeue=1
MinJobAge=300
ReturnToService=2
SchedulerParameters=sched_interval=1
StateSaveLocation=%(here)s/state
SlurmdSpoolDir=%(here)s/spool
SlurmctldPidFile=%(here)s/slurmctld.pid
SlurmdPidFile=%(here)s/slurmd.pid
SlurmctldLogFile=%(here)s/slurmctld.log
SlurmdLogFile=%(here)s/slurmd.log
NodeName=%(host)s NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=%(host)s Default=YES MaxTime=INFINITE State=UP
""" % locals())
    open("cgroup.conf", "w").write("CgroupPlugin=cgroup/v1\n")
    os.mkdir("state")
    os.mkdir("spool")
    os.environ["SLURM_CONF"] = here + "/slurm.conf"
    flags = ["--key-file=%s/munge.key" % here, "--socket=%s/munge.socket" % here, "--pid-file=%s/munge.pid" % here,
             "--log-file=%s/munge.log" % here, "--seed-file=%s/munge.seed" % here, "--force", "-F"]
    started = [subprocess.Popen([munged, *flags], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)]
    wait_for(lambda: os.path.exists("munge.socket"), "munged")
    for program, name in ((slurmctld, []), (slurmd, ["-N", host])):
        started.append(subprocess.Popen([program, "-D", "-f", here + "/slurm.conf", *name], stderr=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL))
    return started


def test_slurm_array():
    *programs, sbatch, squeue, sinfo, scontrol = need("munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scontrol")
    if os.getuid() != 0:
        raise Skip("only root can start Slurm")
    write_photos()
    here = os.getcwd()
    os.chmod(here, 0o755)
    started = start_slurm(programs, here)
    try:
        wait_for(lambda: "idle" in subprocess.run([sinfo, "-h", "-o", "%t"], capture_output=True, text=True).stdout, "Slurm's node")
        command = "%s batch colorize %s/in -o %s/out --part $SLURM_ARRAY_TASK_ID/4 --jobs 1 -q" % (CLI, here, here)
        script = "#!/bin/sh\n%s || scontrol requeue $SLURM_JOB_ID\n" % command
        open("job.sh", "w").write(script)
        subprocess.run([sbatch, "--array=1-4", "--requeue", "-n1", "--output=/dev/null", "job.sh"], check=True, capture_output=True)
        kill_one()
        jobs = lambda: subprocess.run([squeue, "-h"], capture_output=True, text=True).stdout.strip()
        # a job that was queued again waits for two minutes by Slurm's own rule
        wait_for(lambda: count_results() == COUNT and not workers() and not jobs(), "the array: " + jobs(), 280)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
    check_results()


if __name__ == "__main__":
    main()
