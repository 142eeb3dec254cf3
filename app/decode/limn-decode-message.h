/* What a program and its helper process tell each other: small variants over a socket, and pixels or bytes in sealed memfds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-decode-source.h"

G_BEGIN_DECLS

/* A message of the type, with up to two descriptors, which stay the caller's. FALSE where nobody is at the other end. Takes a floating body. */
gboolean limn_message_send (int socket, GVariant *body, const int *fds, guint n_fds);
/* Blocks. fds: [2], the caller's, -1 where there is none. NULL where nobody is at the other end, or what came isn't of the type. */
GVariant *limn_message_receive (int socket, const char *type, int fds[2]);

/* What is asked for: the file's name, an entry ("": the file itself), whether a picture, partial, optional, most bytes; and the budget:
 * allowed, room, taken. */
#define LIMN_REQUEST_TYPE "(ssbbbtttt)"
/* What comes back: an error's code and sentence (LIMN_REPLY_DONE: none, _MISSING: no such entry), sizes of the body (pixels or bytes; 0: a
 * picture without any) and of a picture's header, what is taken of the budget, and which protections the kernel lacks. */
#define LIMN_REPLY_TYPE "(istttu)"
enum { LIMN_REPLY_DONE = -1, LIMN_REPLY_MISSING = -2 };

/* Bytes that nobody can change any more: a memfd that is sealed against writing, growing and shrinking. -1 where memory ends. */
int limn_memfd_new (gconstpointer data, gsize size);
gboolean limn_memfd_seal (int fd);
/* Whether fd is sealed and of the size: whoever made it can't change it, nor make a read of it fail. */
gboolean limn_memfd_check (int fd, guint64 size);

/* A picture without its pixels, as a variant's bytes. */
GBytes *limn_picture_to_header (LimnPicture *picture);
/* The picture of header and the pixels in fd (size bytes, 0: it is empty), which may come from a process that isn't to be trusted. name: for
 * the sentence. */
LimnPicture *limn_picture_from_header (GBytes *header, int fd, guint64 size, const char *name, GError **error);

G_END_DECLS
