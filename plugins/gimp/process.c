/* Running limn-cli: no file is written anywhere, so nothing is left behind however it ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MASK_FD 3 /* in the child */
#define SAID "limn-cli: "

int
memory_file_new (GError **error)
{
  const int fd = memfd_create ("limn", MFD_CLOEXEC);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("There is no room for the picture in memory: %s"),
                 g_strerror (errno));
  return fd;
}

static void
end_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static GSubprocess *
start (char **arguments, int photo, int mask, int out, GError **error)
{
  const char *program = g_getenv ("LIMN_CLI"); /* of a build folder, say */
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) (program && *program ? program : LIMN_CLI));
  for (; *arguments; arguments++)
    g_ptr_array_add (argv, *arguments);
  if (mask >= 0) {
    g_ptr_array_add (argv, "--mask");
    g_ptr_array_add (argv, "/dev/fd/" G_STRINGIFY (MASK_FD));
    g_subprocess_launcher_take_fd (launcher, dup (mask), MASK_FD);
  }
  g_ptr_array_add (argv, NULL);
  lseek (photo, 0, SEEK_SET);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (photo));
  g_subprocess_launcher_take_stdout_fd (launcher, dup (out));
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
}

/* What it says on standard error: "42 %", or what is wrong, whose first line is kept. */
static char *
listen (GSubprocess *child, TellProgress tell, gpointer data)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (child));
  char *line, *said = NULL;

  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL) {
    char *end;
    const double percent = g_ascii_strtod (line, &end);

    if (end != line && g_str_equal (end, " %"))
      tell (percent / 100, data);
    else if (!said)
      said = g_strdup (g_str_has_prefix (line, SAID) ? line + strlen (SAID) : line);
    g_free (line);
  }
  return said;
}

gboolean
process_run (char **arguments, int photo, int mask, int out, TellProgress tell, gpointer data, GError **error)
{
  g_autoptr (GSubprocess) child = start (arguments, photo, mask, out, error);
  g_autofree char *said = NULL;

  if (!child) {
    g_prefix_error (error, "%s ", _("Limn's program limn-cli can't be started. Install Limn."));
    return FALSE;
  }
  said = listen (child, tell, data);
  if (g_subprocess_wait_check (child, NULL, error))
    return TRUE;
  if (said) {
    g_clear_error (error);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, said);
  }
  return FALSE;
}
