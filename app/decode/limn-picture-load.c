/* Opening picture files of others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-load.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "limn-decode-message.h"
#include "limn-decoder.h"

#include <glib/gi18n.h>
#include <sys/stat.h>
#include <unistd.h>

static LimnPicture *
load_descriptor (int fd, const char *name, gboolean partial, GCancellable *cancellable, GError **error)
{
  const LimnDecodeRequest request = { .partial = partial };
  g_autoptr (LimnDecoder) decoder = limn_decoder_new (fd, name);

  return limn_decoder_picture (decoder, &request, NULL, cancellable, error);
}

static LimnPicture *
load_bytes (GBytes *bytes, const char *name, gboolean partial, GCancellable *cancellable, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  LimnPicture *picture;
  int fd;

  if (size == 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is empty."), name);
    return NULL;
  }
  fd = limn_memfd_new (data, size);
  if (fd < 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), name);
    return NULL;
  }
  picture = load_descriptor (fd, name, partial, cancellable, error);
  close (fd);
  return picture;
}

/* What is no regular file, a pipe say, may take its time; it is read here. */
static LimnPicture *
load_path (const char *path, gboolean partial, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  const int fd = limn_file_open (path, error);
  LimnPicture *picture = NULL;
  struct stat file;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &file) == 0 && S_ISREG (file.st_mode)) {
    picture = load_descriptor (fd, name, partial, cancellable, error);
  } else {
    g_autoptr (GBytes) bytes = limn_file_read_descriptor (fd, name, cancellable, error);

    picture = bytes ? load_bytes (bytes, name, partial, cancellable, error) : NULL;
  }
  close (fd);
  return picture;
}

LimnPicture *
limn_picture_load (const char *path, GCancellable *cancellable, GError **error)
{
  return load_path (path, FALSE, cancellable, error);
}

LimnPicture *
limn_picture_load_part (const char *path, GCancellable *cancellable, GError **error)
{
  return load_path (path, TRUE, cancellable, error);
}

LimnPicture *
limn_picture_load_bytes (GBytes *bytes, const char *name, GCancellable *cancellable, GError **error)
{
  return load_bytes (bytes, name, FALSE, cancellable, error);
}

LimnPicture *
limn_picture_load_part_bytes (GBytes *bytes, const char *name, GCancellable *cancellable, GError **error)
{
  return load_bytes (bytes, name, TRUE, cancellable, error);
}
