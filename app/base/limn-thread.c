/* Threads that must not slow down the window's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* On Linux a thread has a niceness of its own, and threads that it makes inherit it. Failing to lower it harms nothing. */
void
limn_thread_set_background (void)
{
  enum { NICENESS = 5 };

  (void) setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICENESS);
}
