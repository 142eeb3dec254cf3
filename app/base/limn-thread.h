/* Threads that must not slow down the window's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lowers the priority of the calling thread for good, and that of the threads which it starts: where the window's thread wants a processor
 * as well, that goes first. A thread of GTask's pool keeps the low priority for its later tasks, which run beside the window too. */
void limn_thread_set_background (void);

G_END_DECLS
