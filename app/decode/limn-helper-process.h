/* The helper process: started for one file, asked, and ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Seconds of processor time, and of any time, that an answer may take. */
enum { LIMN_HELPER_PROCESSOR_SECONDS = 60, LIMN_HELPER_SECONDS = 180 };

typedef struct {
  pid_t pid; /* 0: it runs no more */
  int socket;
} LimnHelper;

/* Starts program (NULL: Limn's own) with the file as its descriptor 4, for at most so many bytes of address space. FALSE and error where it
 * can't be. name: the file's, for sentences here and below. End with limn_helper_stop. */
gboolean limn_helper_start (LimnHelper *self, const char *program, int file, guint64 address_space, const char *name, GError **error);
/* Sends request (floating) and waits for the answer, of the type, with up to two descriptors that are the caller's. NULL and error when it
 * is cancelled, takes too long (seconds) or the helper ends; it runs no more then. */
GVariant *limn_helper_ask (LimnHelper *self, GVariant *request, const char *type, int fds[2], guint seconds, const char *name,
                           GCancellable *cancellable, GError **error);
void limn_helper_stop (LimnHelper *self);

G_END_DECLS
