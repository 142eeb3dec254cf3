/* Picture files: which codec, orientation, and saving without ever leaving half a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file larger than this is no picture that we could open: the raw pixels of the largest are 1.6 GB. */
#define MAX_FILE (2000ll * 1000 * 1000)
#define PIECE (1024 * 1024)
#define DEFAULT_QUALITY 92

/* "photo.jpg" of a path, for sentences. */
static char *
display_name (const char *path)
{
  return g_filename_display_basename (path);
}

static void
set_errno (GError **error, int code, const char *format, const char *name)
{
  gboolean full = code == ENOSPC || code == EDQUOT || code == EFBIG || code == EIO || code == ENOMEM || code == EMFILE || code == ENFILE;
  g_autofree char *what = g_strdup_printf (format, name);

  g_set_error (error, LIMN_APP_ERROR, full ? LIMN_APP_ERROR_RESOURCES : LIMN_APP_ERROR_INPUT, _("%s: %s."), what, g_strerror (code));
}

/* The whole of an open file. */
static GBytes *
read_fd (int fd, const char *name, gsize expected, GCancellable *cancellable, GError **error)
{
  LimnSink sink = { 0 };
  g_autofree guint8 *piece = g_malloc (PIECE);

  if (expected > 0) { /* in one block */
    sink.data = g_try_malloc (expected);
    sink.capacity = sink.data ? expected : 0;
  }
  for (;;) {
    gssize got = read (fd, piece, PIECE);

    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      set_errno (error, errno, _("%s can't be read"), name);
    if (got < 0 || limn_codec_cancelled (cancellable, error)) {
      limn_sink_clear (&sink);
      return NULL;
    }
    if (got == 0)
      return limn_sink_finish (&sink, error);
    limn_sink_write (&sink, piece, (gsize) got);
    if (sink.size > MAX_FILE) {
      limn_sink_clear (&sink);
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is too large for a picture: more than %d MB."), name,
                   (int) (MAX_FILE / 1000000));
      return NULL;
    }
  }
}

static GBytes *
read_file (const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  GBytes *bytes;
  struct stat info;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0 && errno == ENOENT) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no file %s."), path);
    return NULL;
  }
  if (fd < 0 || fstat (fd, &info) != 0) {
    set_errno (error, errno, _("%s can't be opened"), name);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  if (S_ISDIR (info.st_mode)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is a folder, not a picture."), name);
    close (fd);
    return NULL;
  }
  bytes = read_fd (fd, name, S_ISREG (info.st_mode) && info.st_size < MAX_FILE ? (gsize) info.st_size : 0, cancellable, error);
  close (fd);
  return bytes;
}

LimnPicture *
limn_picture_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = display_name (path);
  g_autoptr (GBytes) bytes = read_file (path, name, cancellable, error);

  return bytes ? limn_picture_load_bytes (bytes, name, cancellable, error) : NULL;
}

/* What the files are that people try and we can't read, by their first bytes. */
static const char *
foreign_format (const guint8 *data, gsize size)
{
  static const struct {
    guint at, size;
    const char *magic, *is;
  } formats[] = {
    { 0, 4, "GIF8", N_("a GIF") },
    { 0, 4, "II*\0", N_("a TIFF or a camera's raw file") },
    { 0, 4, "MM\0*", N_("a TIFF or a camera's raw file") },
    { 0, 2, "BM", N_("a BMP") },
    { 0, 4, "8BPS", N_("a Photoshop file") },
    { 0, 8, "gimp xcf", N_("a GIMP file") },
    { 0, 5, "%PDF-", N_("a PDF") },
    { 0, 2, "\xFF\x0A", N_("a JPEG XL") },
    { 4, 8, "JXL \x0D\x0A\x87\x0A", N_("a JPEG XL") },
    { 4, 8, "ftypavif", N_("an AVIF") },
    { 4, 8, "ftypheic", N_("a HEIC") },
    { 4, 8, "ftypheix", N_("a HEIC") },
    { 4, 8, "ftypmif1", N_("a HEIF") },
    { 4, 8, "jP  \x0D\x0A\x87\x0A", N_("a JPEG 2000") },
    { 0, 4, "<svg", N_("an SVG drawing") },
    { 0, 5, "<?xml", N_("an XML file (an SVG drawing, perhaps)") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (size >= formats[i].at + formats[i].size && memcmp (data + formats[i].at, formats[i].magic, formats[i].size) == 0)
      return formats[i].is;
  return NULL;
}

enum { HEAD = 12 }; /* bytes that tell a format */

static gboolean
sniff (const guint8 *data, gsize size, LimnFormat *format)
{
  if (size >= 8 && memcmp (data, "\x89PNG\r\n\x1A\n", 8) == 0)
    *format = LIMN_FORMAT_PNG;
  else if (size >= 3 && memcmp (data, "\xFF\xD8\xFF", 3) == 0)
    *format = LIMN_FORMAT_JPEG;
  else if (size >= HEAD && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    *format = LIMN_FORMAT_WEBP;
  else
    return FALSE;
  return TRUE;
}

gboolean
limn_picture_sniff (const char *path)
{
  guint8 head[HEAD];
  LimnFormat format;
  FILE *file = g_fopen (path, "rbe");
  const gsize size = file ? fread (head, 1, HEAD, file) : 0;

  if (file)
    fclose (file);
  return sniff (head, size, &format);
}

static LimnPicture *
decode (LimnFormat format, GBytes *bytes, const char *name, int *orientation, GCancellable *cancellable, GError **error)
{
  switch (format) {
  case LIMN_FORMAT_PNG: return limn_png_decode (bytes, name, orientation, cancellable, error);
  case LIMN_FORMAT_JPEG: return limn_jpeg_decode (bytes, name, orientation, cancellable, error);
  default: return limn_webp_decode (bytes, name, orientation, cancellable, error);
  }
}

LimnPicture *
limn_picture_load_bytes (GBytes *bytes, const char *name, GCancellable *cancellable, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (LimnPicture) picture = NULL;
  LimnFormat format;
  int orientation = 1;

  if (size == 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is empty."), name);
    return NULL;
  }
  if (sniff (data, size, &format)) {
    picture = decode (format, bytes, name, &orientation, cancellable, error);
  } else {
    const char *is = foreign_format (data, size);

    if (is)
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is %s, which Limn can't open. Convert it to PNG, JPEG or WebP."),
                   name, _(is));
    else
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is no picture that Limn can open (PNG, JPEG or WebP)."), name);
  }
  if (!picture)
    return NULL;
  if (limn_picture_get_resolution (picture) <= 0 && limn_picture_get_exif (picture))
    limn_picture_set_resolution (picture, limn_exif_resolution (limn_picture_get_exif (picture)));
  return limn_picture_orient (picture, orientation, error);
}

gboolean
limn_format_from_path (const char *path, LimnFormat *format, GError **error)
{
  static const struct {
    const char *ending;
    LimnFormat format;
  } endings[] = {
    { ".png", LIMN_FORMAT_PNG },  { ".jpg", LIMN_FORMAT_JPEG },  { ".jpeg", LIMN_FORMAT_JPEG },
    { ".jpe", LIMN_FORMAT_JPEG }, { ".jfif", LIMN_FORMAT_JPEG }, { ".webp", LIMN_FORMAT_WEBP },
  };
  g_autofree char *name = display_name (path);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending)) {
      *format = endings[i].format;
      return TRUE;
    }
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s should end in .png, .jpg or .webp: that tells the format."), name);
  return FALSE;
}

void
limn_save_options_init (LimnSaveOptions *options, LimnPicture *picture, LimnFormat format)
{
  const LimnPictureSource *source = limn_picture_get_source (picture);

  options->format = format;
  options->quality = format == LIMN_FORMAT_JPEG && source->quality > 0 ? source->quality : DEFAULT_QUALITY;
  options->lossless = format == LIMN_FORMAT_WEBP && source->lossless;
}

GBytes *
limn_picture_encode (LimnPicture *picture, const LimnSaveOptions *options, GError **error)
{
  g_autoptr (GBytes) exif = NULL;
  int quality = options->quality > 0 ? CLAMP (options->quality, 1, 100) : DEFAULT_QUALITY;

  if (limn_picture_get_exif (picture))
    exif = limn_exif_for_size (limn_picture_get_exif (picture), limn_picture_get_width (picture), limn_picture_get_height (picture));
  switch (options->format) {
  case LIMN_FORMAT_JPEG: return limn_jpeg_encode (picture, exif, quality, error);
  case LIMN_FORMAT_WEBP: return limn_webp_encode (picture, exif, quality, options->lossless, error);
  case LIMN_FORMAT_PNG:
  default: return limn_png_encode (picture, exif, error);
  }
}

static gboolean
write_fd (int fd, GBytes *bytes, GCancellable *cancellable, const char *name, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize at = 0; at < size;) {
    gssize put;

    if (limn_codec_cancelled (cancellable, error))
      return FALSE;
    put = write (fd, data + at, MIN (size - at, 8 * PIECE));
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0) {
      set_errno (error, errno, _("%s can't be written"), name);
      return FALSE;
    }
    at += (gsize) put;
  }
  return TRUE;
}

/* The name is durable only when the folder is. A file system that can't sync folders has nothing to lose by it. */
static void
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* Writes bytes beside path and puts them in its place. old: what is there now, NULL = nothing. */
static gboolean
replace_file (const char *path, GBytes *bytes, const struct stat *old, GCancellable *cancellable, const char *name, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, ".limn-XXXXXX", NULL);
  gboolean done;
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666); /* less the umask */

  if (fd < 0 && errno == ENOENT) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no folder %s to save into."), folder);
    return FALSE;
  }
  if (fd < 0) {
    set_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  done = write_fd (fd, bytes, cancellable, name, error);
  if (done && old) { /* its owner and who may read it; where we may not give it away, it is ours */
    if (fchown (fd, old->st_uid, old->st_gid) != 0 && fchown (fd, (uid_t) -1, old->st_gid) != 0)
      errno = 0;
    fchmod (fd, old->st_mode & 07777);
  }
  if (done && fsync (fd) != 0) {
    set_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  if (close (fd) != 0 && done) {
    set_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  if (done && g_rename (temporary, path) != 0) {
    set_errno (error, errno, _("%s can't be replaced"), name);
    done = FALSE;
  }
  if (done)
    sync_folder (folder);
  else
    g_unlink (temporary);
  return done;
}

/* A pipe or a device: what is written is written. */
static gboolean
write_through (const char *path, GBytes *bytes, GCancellable *cancellable, const char *name, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  gboolean done;

  if (fd < 0) {
    set_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  done = write_fd (fd, bytes, cancellable, name, error);
  if (close (fd) != 0 && done) {
    set_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  return done;
}

gboolean
limn_file_check (const char *path, GError **error)
{
  g_autofree char *name = display_name (path);
  struct stat old;

  if (stat (path, &old) != 0)
    return TRUE;
  if (S_ISDIR (old.st_mode)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is a folder. Give the picture a name in it."), name);
    return FALSE;
  }
  if (faccessat (AT_FDCWD, path, W_OK, AT_EACCESS) != 0) {
    set_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  return TRUE;
}

gboolean
limn_file_replace (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = display_name (path);
  char *target = realpath (path, NULL); /* a link stays a link */
  gboolean exists, done = FALSE;
  struct stat old;

  exists = stat (path, &old) == 0;
  if (limn_file_check (path, error)) {
    if (exists && !S_ISREG (old.st_mode))
      done = write_through (path, bytes, cancellable, name, error);
    else
      done = replace_file (target != NULL ? target : path, bytes, exists ? &old : NULL, cancellable, name, error);
  }
  free (target);
  return done;
}

gboolean
limn_picture_save (LimnPicture *picture, const char *path, const LimnSaveOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!limn_file_check (path, error) || limn_codec_cancelled (cancellable, error))
    return FALSE;
  bytes = limn_picture_encode (picture, options, error);
  return bytes != NULL && limn_file_replace (path, bytes, cancellable, error);
}
