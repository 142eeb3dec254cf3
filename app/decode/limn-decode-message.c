/* What a program and its helper process tell each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-decode-message.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/base/limn-mapping.h"
#include "limn-picture-header.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_MESSAGE = 16384, MAX_FDS = 2, SEALS = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK };

/* ---------------------------------------------------------------- messages */

typedef union {
  char bytes[CMSG_SPACE (MAX_FDS * sizeof (int))];
  struct cmsghdr align;
} Control;

gboolean
limn_message_send (int socket, GVariant *body, const int *fds, guint n_fds)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (body);
  struct iovec data = { (gpointer) g_variant_get_data (owned), g_variant_get_size (owned) };
  Control control = { { 0 } };
  struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

  if (n_fds > 0) {
    struct cmsghdr *head;

    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE (n_fds * sizeof (int));
    head = CMSG_FIRSTHDR (&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN (n_fds * sizeof (int));
    memcpy (CMSG_DATA (head), fds, n_fds * sizeof (int));
  }
  return TEMP_FAILURE_RETRY (sendmsg (socket, &message, MSG_NOSIGNAL)) == (ssize_t) data.iov_len;
}

static void
take_descriptors (struct msghdr *message, int fds[2])
{
  guint n = 0;

  for (struct cmsghdr *head = CMSG_FIRSTHDR (message); head; head = CMSG_NXTHDR (message, head)) {
    const gsize count = head->cmsg_type == SCM_RIGHTS ? (head->cmsg_len - CMSG_LEN (0)) / sizeof (int) : 0;

    for (gsize i = 0; i < count; i++) {
      int fd;

      memcpy (&fd, CMSG_DATA (head) + i * sizeof fd, sizeof fd);
      if (n < MAX_FDS)
        fds[n++] = fd;
      else
        close (fd);
    }
  }
}

GVariant *
limn_message_receive (int socket, const char *type, int fds[2])
{
  g_autofree guint8 *bytes = g_malloc (MAX_MESSAGE);
  struct iovec data = { bytes, MAX_MESSAGE };
  Control control = { { 0 } };
  struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
  const ssize_t size = TEMP_FAILURE_RETRY (recvmsg (socket, &message, MSG_CMSG_CLOEXEC));
  g_autoptr (GVariant) body = NULL;

  fds[0] = fds[1] = -1;
  if (size <= 0)
    return NULL;
  take_descriptors (&message, fds);
  body = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE (type), bytes, (gsize) size, FALSE, g_free, bytes));
  bytes = NULL; /* body has them */
  if (!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && g_variant_is_normal_form (body))
    return g_steal_pointer (&body);
  for (guint i = 0; i < MAX_FDS; i++)
    if (fds[i] >= 0)
      close (fds[i]);
  return NULL;
}

/* ---------------------------------------------------------------- memfds */

gboolean
limn_memfd_seal (int fd)
{
  return fcntl (fd, F_ADD_SEALS, SEALS) == 0;
}

int
limn_memfd_new (gconstpointer data, gsize size)
{
  const int fd = memfd_create ("limn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gpointer mapping = fd >= 0 && ftruncate (fd, (off_t) size) == 0 && size > 0 ? mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                                                                              : MAP_FAILED;

  if (mapping != MAP_FAILED) {
    memcpy (mapping, data, size);
    munmap (mapping, size);
    if (limn_memfd_seal (fd))
      return fd;
  }
  if (fd >= 0)
    close (fd);
  return -1;
}

gboolean
limn_memfd_check (int fd, guint64 size)
{
  struct stat file;

  return fd >= 0 && (fcntl (fd, F_GET_SEALS) & SEALS) == SEALS && fstat (fd, &file) == 0 && (guint64) file.st_size == size;
}

/* ---------------------------------------------------------------- pictures */

/* The header of a picture that is kept, and what is missing of a damaged one. */
#define HEADER "(" LIMN_PICTURE_HEADER "(ttttb))"

GBytes *
limn_picture_to_header (LimnPicture *picture)
{
  const LimnPictureLoss *loss = limn_picture_get_loss (picture);
  g_autoptr (GVariant)
    header = g_variant_ref_sink (g_variant_new ("(@" LIMN_PICTURE_HEADER "(ttttb))", limn_picture_make_header (picture), (guint64) loss->x,
                                                (guint64) loss->y, (guint64) loss->width, (guint64) loss->height, loss->coarse));

  return g_variant_get_data_as_bytes (header);
}

static LimnPicture *
new_picture (int fd, guint64 size, const LimnPictureSize *is, GError **error)
{
  gpointer mapping;
  LimnPicture *picture;

  if (size >= LIMN_MAPPING_MIN) {
    mapping = mmap (NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0); /* shared as long as nobody writes */
    if (mapping != MAP_FAILED && mprotect (mapping, size, PROT_READ | PROT_WRITE) == 0)
      return limn_picture_new_mapped (is->width, is->height, is->depth, mapping, error);
  }
  picture = limn_picture_new (is->width, is->height, is->depth, error);
  if (picture && size > 0 && limn_block_read (fd, limn_picture_get_data (picture), size, 0) != 0)
    g_clear_object (&picture);
  return picture;
}

/* Whether the loss lies inside the picture. */
static gboolean
check_loss (const LimnPictureLoss *loss, const LimnPictureSize *size)
{
  return loss->x <= size->width && loss->width <= size->width - loss->x && loss->y <= size->height &&
         loss->height <= size->height - loss->y;
}

LimnPicture *
limn_picture_from_header (GBytes *bytes, int fd, guint64 size, const char *name, GError **error)
{
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (HEADER), bytes, FALSE)), header = NULL;
  LimnPictureLoss loss = { 0 };
  LimnPicture *picture = NULL;
  LimnPictureSize is;

  if (g_variant_is_normal_form (all)) {
    g_variant_get (all, "(@" LIMN_PICTURE_HEADER "(ttttb))", &header, &loss.x, &loss.y, &loss.width, &loss.height, &loss.coarse);
    if (limn_picture_header_size (header, &is) && check_loss (&loss, &is) &&
        (size == 0 || (size == is.bytes && limn_memfd_check (fd, size))))
      picture = new_picture (fd, size, &is, error);
  }
  if (picture) {
    limn_picture_read_header (picture, header);
    *limn_picture_get_loss (picture) = loss;
  } else if (error && !*error) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be opened: what was read of it makes no sense."), name);
  }
  return picture;
}
