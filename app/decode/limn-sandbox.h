/* The locks of the helper process: what code that was taken over by a hostile file could still do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Protections that a kernel may lack. */
typedef enum { LIMN_LACKS_SECCOMP = 1 << 0, LIMN_LACKS_LANDLOCK = 1 << 1 } LimnSandboxLacks;

/* From here on the process opens no file, has no network, starts no program or process, gains no privileges, and has at most so many bytes
 * of address space and seconds of processor time. It keeps the descriptors that it has and may map memory. For good. Under sanitizers,
 * which need more, seccomp and the limit of address space are left out. Returns what is lacking. */
LimnSandboxLacks limn_sandbox_enter (guint64 address_space, guint seconds);

G_END_DECLS
