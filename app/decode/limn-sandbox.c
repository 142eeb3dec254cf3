/* The locks of the helper process: seccomp by libseccomp, landlock (landlock(7)) by its system calls, limits, no new privileges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define SANITIZED TRUE
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#    define SANITIZED TRUE
#  endif
#endif
#ifndef SANITIZED
#  define SANITIZED FALSE
#endif

enum { MOST_FILES = 16 };

/* spare: until the hard limit, which kills without a word. */
static void
set_limit (int resource, guint64 most, guint64 spare)
{
  const struct rlimit limit = { most, most + spare };

  setrlimit (resource, &limit);
}

/* Version 1 of landlock knows 13 rights to files; of the later ones, each one more: moving (2), truncating (3), devices (5). */
static guint64
file_rights (int version)
{
  return (G_GUINT64_CONSTANT (1) << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1;
}

/* A set of rules without a rule: nothing is allowed. */
static gboolean
enter_landlock (void)
{
  struct { /* of the kernel's struct, as much as the newest version that is asked for has */
    guint64 files, network, scoped;
  } rules = { 0, 0, 0 };
  const int version = (int) syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  gsize size = sizeof rules.files;
  int fd;
  gboolean done;

  if (version < 1)
    return FALSE;
  rules.files = file_rights (version);
  if (version >= 4) {
    rules.network = 3; /* binding and connecting */
    size += sizeof rules.network;
  }
  if (version >= 6) {
    rules.scoped = 3; /* abstract sockets and signals of others */
    size += sizeof rules.scoped;
  }
  fd = (int) syscall (SYS_landlock_create_ruleset, &rules, size, 0);
  done = fd >= 0 && syscall (SYS_landlock_restrict_self, fd, 0) == 0;
  if (fd >= 0)
    close (fd);
  return done;
}

/* Calls that take what they are given by value alone, or memory of the process itself. */
static const int harmless[] = {
  SCMP_SYS (read),
  SCMP_SYS (pread64),
  SCMP_SYS (lseek),
  SCMP_SYS (close),
  SCMP_SYS (fstat),
  SCMP_SYS (ftruncate),
  SCMP_SYS (munmap),
  SCMP_SYS (mremap),
  SCMP_SYS (madvise),
  SCMP_SYS (brk),
  SCMP_SYS (futex),
  SCMP_SYS (sched_yield),
  SCMP_SYS (sched_getaffinity),
  SCMP_SYS (set_robust_list),
  SCMP_SYS (rseq),
  SCMP_SYS (rt_sigprocmask),
  SCMP_SYS (rt_sigreturn),
  SCMP_SYS (sigaltstack),
  SCMP_SYS (clock_gettime),
  SCMP_SYS (clock_nanosleep),
  SCMP_SYS (gettimeofday),
  SCMP_SYS (getrandom),
  SCMP_SYS (getpid),
  SCMP_SYS (gettid),
  SCMP_SYS (memfd_create),
  SCMP_SYS (sendmsg),
  SCMP_SYS (recvmsg),
  SCMP_SYS (restart_syscall),
  SCMP_SYS (exit),
  SCMP_SYS (exit_group),
};

/* What is not listed fails with EPERM, so that a library may do without. */
static gboolean
add_rules (scmp_filter_ctx filter)
{
  gboolean added = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    added = added && seccomp_rule_add (filter, SCMP_ACT_ALLOW, harmless[i], 0) == 0;
  /* memory, but none that can be executed */
  added = added && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1, SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  added = added && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1, SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  /* glibc's fstat; the size and date of a file are all that it can tell */
  added = added && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (newfstatat), 1, SCMP_A3 (SCMP_CMP_EQ, AT_EMPTY_PATH, 0)) == 0;
  /* seals */
  added = added && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1, SCMP_A1 (SCMP_CMP_EQ, F_ADD_SEALS, 0)) == 0;
  /* threads, no processes. clone3 hides its flags in memory: without it, glibc uses clone */
  added = added &&
          seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (clone), 1, SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
  added = added && seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0;
  return added;
}

static gboolean
enter_seccomp (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  const gboolean done = filter && add_rules (filter) && seccomp_load (filter) == 0;

  if (filter)
    seccomp_release (filter);
  return done;
}

LimnSandboxLacks
limn_sandbox_enter (guint64 address_space, guint seconds)
{
  LimnSandboxLacks lacks = 0;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  set_limit (RLIMIT_CORE, 0, 0);
  set_limit (RLIMIT_CPU, seconds, 1);
  set_limit (RLIMIT_NOFILE, MOST_FILES, 0);
  set_limit (RLIMIT_FSIZE, address_space, 0);
  if (!enter_landlock ())
    lacks |= LIMN_LACKS_LANDLOCK;
  if (SANITIZED)
    return lacks;
  set_limit (RLIMIT_AS, address_space, 0);
  if (!enter_seccomp ())
    lacks |= LIMN_LACKS_SECCOMP;
  return lacks;
}
