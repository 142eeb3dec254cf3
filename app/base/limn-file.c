/* Whole files: read into memory, and replaced without ever leaving half a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-file.h"

#include "limn-app-error.h"
#include "limn-byte-buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* A file larger than this is no picture that we could open: the raw pixels of the largest are 1.6 GB. */
#define MAX_FILE (2000ll * 1000 * 1000)
#define PIECE (1024 * 1024)
#define MAX_LINKS 40 /* as Linux follows */

GBytes *
limn_file_read_descriptor (int fd, const char *name, GCancellable *cancellable, GError **error)
{
  LimnByteBuffer buffer = { 0 };
  g_autofree guint8 *piece = g_malloc (PIECE);
  struct stat info;

  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_size > 0 && info.st_size < MAX_FILE) { /* in one block */
    buffer.data = g_try_malloc ((gsize) info.st_size);
    buffer.capacity = buffer.data ? (gsize) info.st_size : 0;
  }
  for (;;) {
    gssize got = read (fd, piece, PIECE);

    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      limn_set_error_from_errno (error, errno, _("%s can't be read"), name);
    if (got < 0 || limn_set_error_if_cancelled (cancellable, error)) {
      limn_byte_buffer_clear (&buffer);
      return NULL;
    }
    if (got == 0)
      return limn_byte_buffer_finish (&buffer, error);
    limn_byte_buffer_append (&buffer, piece, (gsize) got);
    if (buffer.size > MAX_FILE) {
      limn_byte_buffer_clear (&buffer);
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is too large for a picture: more than %d MB."), name,
                   (int) (MAX_FILE / 1000000));
      return NULL;
    }
  }
}

int
limn_file_open (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  struct stat info;
  int fd = TEMP_FAILURE_RETRY (g_open (path, O_RDONLY | O_CLOEXEC, 0));

  if (fd < 0 && errno == ENOENT) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no file %s."), path);
    return -1;
  }
  if (fd < 0 || fstat (fd, &info) != 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be opened"), name);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  if (S_ISDIR (info.st_mode)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is a folder, not a picture."), name);
    close (fd);
    return -1;
  }
  return fd;
}

GBytes *
limn_file_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  const int fd = limn_file_open (path, error);
  GBytes *bytes = fd >= 0 ? limn_file_read_descriptor (fd, name, cancellable, error) : NULL;

  if (fd >= 0)
    close (fd);
  return bytes;
}

char *
limn_file_dup_stamp (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ".%09ld",
                          (guint64) info.st_dev, (guint64) info.st_ino, (gint64) info.st_size, (gint64) info.st_mtim.tv_sec,
                          info.st_mtim.tv_nsec);
}

static gboolean
write_descriptor (int fd, GBytes *bytes, GCancellable *cancellable, const char *name, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize at = 0; at < size;) {
    gssize put;

    if (limn_set_error_if_cancelled (cancellable, error))
      return FALSE;
    put = write (fd, data + at, MIN (size - at, 8 * PIECE));
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0) {
      limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
      return FALSE;
    }
    at += (gsize) put;
  }
  return TRUE;
}

/* Where closing is interrupted, the file is closed all the same. */
static int
close_written (int fd)
{
  return close (fd) != 0 && errno != EINTR ? -1 : 0;
}

/* The name is durable only when the folder is. A file system that can't sync folders has nothing to lose by it. */
static void
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  TEMP_FAILURE_RETRY (fsync (fd));
  close (fd);
}

/* A new file with the permissions that the umask leaves. name: ends in XXXXXX. */
static int
make_temporary (char *name)
{
  const gsize length = strlen (name);
  int fd;

  do {
    memset (name + length - 6, 'X', 6);
    fd = g_mkstemp_full (name, O_WRONLY | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

/* A new file in folder that has no name yet: nothing is left of it when the process is killed. -1 where the file system knows no such. */
static int
make_nameless (const char *folder)
{
  return TEMP_FAILURE_RETRY (g_open (folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
}

/* Gives a nameless file one, that ends in six characters which no other file there has. */
static gboolean
give_name (int fd, char *name)
{
  g_autofree char *self = g_strdup_printf ("/proc/self/fd/%d", fd);
  char *end = name + strlen (name) - 6;

  for (;;) {
    g_snprintf (end, 7, "%06x", g_random_int () & 0xffffff);
    if (linkat (AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
      return TRUE;
    if (errno != EEXIST && errno != EINTR)
      return FALSE;
  }
}

/* What else is kept with the file at path, which is replaced by the one at fd: its owner and who may read it (where we may not give it
 * away, it is ours), the attributes that programs have given it, and its access list. */
static void
keep_attributes (int fd, const char *path, const struct stat *old)
{
  const gssize size = listxattr (path, NULL, 0);
  g_autofree char *names = g_malloc0 ((gsize) MAX (size, 0) + 1);

  if (fchown (fd, old->st_uid, old->st_gid) != 0 && fchown (fd, (uid_t) -1, old->st_gid) != 0)
    errno = 0;
  fchmod (fd, old->st_mode & 07777);
  if (size <= 0 || listxattr (path, names, (gsize) size) != size)
    return;
  for (const char *name = names; *name; name += strlen (name) + 1) {
    const gboolean ours = g_str_has_prefix (name, "user.") || g_str_equal (name, "system.posix_acl_access");
    const gssize length = ours ? getxattr (path, name, NULL, 0) : -1;
    g_autofree char *value = g_malloc ((gsize) MAX (length, 0) + 1);

    if (length >= 0 && getxattr (path, name, value, (gsize) length) == length && fsetxattr (fd, name, value, (gsize) length, 0) != 0)
      errno = 0; /* another file system's: the picture is worth more */
  }
}

/* Writes bytes beside path and puts them in its place. old: what is there now, NULL = nothing. nameless: until all is written, where that is
 * possible; where it turns out not to be, FALSE without an error. */
static gboolean
replace_file (const char *path, GBytes *bytes, const struct stat *old, gboolean nameless, GCancellable *cancellable, const char *name,
              GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, ".limn-XXXXXX", NULL);
  gboolean done, named = !nameless;
  int fd = nameless ? make_nameless (folder) : make_temporary (temporary);

  if (fd < 0 && nameless)
    return FALSE;
  if (fd < 0 && errno == ENOENT) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no folder %s to save into."), folder);
    return FALSE;
  }
  if (fd < 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  done = write_descriptor (fd, bytes, cancellable, name, error);
  if (done && old)
    keep_attributes (fd, path, old);
  if (done && TEMP_FAILURE_RETRY (fsync (fd)) != 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  if (done && nameless)
    done = named = give_name (fd, temporary);
  if (close_written (fd) != 0 && done) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  if (done && g_rename (temporary, path) != 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be replaced"), name);
    done = FALSE;
  }
  if (done)
    sync_folder (folder);
  else if (named)
    g_unlink (temporary);
  return done;
}

/* Nameless first. */
static gboolean
put_file (const char *path, GBytes *bytes, const struct stat *old, GCancellable *cancellable, const char *name, GError **error)
{
  GError *why = NULL;

  if (replace_file (path, bytes, old, TRUE, cancellable, name, &why))
    return TRUE;
  if (!why)
    return replace_file (path, bytes, old, FALSE, cancellable, name, error);
  g_propagate_error (error, why);
  return FALSE;
}

/* A pipe or a device: what is written is written. */
static gboolean
write_through (const char *path, GBytes *bytes, GCancellable *cancellable, const char *name, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (g_open (path, O_WRONLY | O_CLOEXEC, 0));
  gboolean done;

  if (fd < 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  done = write_descriptor (fd, bytes, cancellable, name, error);
  if (close_written (fd) != 0 && done) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    done = FALSE;
  }
  return done;
}

gboolean
limn_file_check (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  struct stat old;

  if (stat (path, &old) != 0)
    return TRUE;
  if (S_ISDIR (old.st_mode)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is a folder. Give the picture a name in it."), name);
    return FALSE;
  }
  if (faccessat (AT_FDCWD, path, W_OK, AT_EACCESS) != 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), name);
    return FALSE;
  }
  return TRUE;
}

/* The file that a link leads to, be it there yet or not; path itself when it is none. NULL: links that lead in a circle. */
static char *
follow_links (const char *path)
{
  char *at = g_strdup (path);

  for (int i = 0; i < MAX_LINKS; i++) {
    g_autofree char *to = g_file_read_link (at, NULL);
    g_autofree char *from = at;

    if (!to)
      return g_steal_pointer (&from);
    g_autofree char *folder = g_path_get_dirname (from);
    at = g_path_is_absolute (to) ? g_steal_pointer (&to) : g_build_filename (folder, to, NULL);
  }
  g_free (at);
  return NULL;
}

gboolean
limn_file_replace (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *target = follow_links (path); /* a link stays a link */
  gboolean exists, done = FALSE;
  struct stat old;

  if (!target) {
    limn_set_error_from_errno (error, ELOOP, _("%s can't be written"), name);
    return FALSE;
  }
  exists = stat (path, &old) == 0;
  if (limn_file_check (path, error)) {
    if (exists && !S_ISREG (old.st_mode))
      done = write_through (path, bytes, cancellable, name, error);
    else
      done = put_file (target, bytes, exists ? &old : NULL, cancellable, name, error);
  }
  return done;
}
