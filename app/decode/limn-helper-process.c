/* The helper process: started for one file, asked, and ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-helper-process.h"

#include "app/base/limn-app-error.h"
#include "limn-decode-message.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors of the helper, and where those that become them are kept out of their way. */
enum { SOCKET = 3, INPUT = 4, ABOVE = 10 };

/* Beside the programs of a build folder, or where it is installed. */
static char *
find_program (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL), *above = program ? g_path_get_dirname (program) : NULL;

  for (int i = 0; above && i < 3; i++) {
    g_autofree char *parent = g_path_get_dirname (above), *path = g_build_filename (parent, "app", "limn-decode", NULL);

    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
    g_free (above);
    above = g_steal_pointer (&parent);
  }
  return g_strdup (LIMN_LIBEXECDIR "/limn-decode");
}

/* A group of its own keeps Ctrl+C from it, which is for the program to answer; signals that the program blocks are not blocked in it. */
static int
spawn (pid_t *pid, char **argv, int socket, int file)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  int failed;

  sigemptyset (&none);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, socket, SOCKET);
  posix_spawn_file_actions_adddup2 (&actions, file, INPUT);
  failed = posix_spawn (pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  posix_spawnattr_destroy (&attributes);
  return failed;
}

gboolean
limn_helper_start (LimnHelper *self, const char *program, int file, guint64 address_space, const char *name, GError **error)
{
  g_autofree char *found = program ? NULL : find_program (), *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, address_space);
  g_autofree char *seconds = g_strdup_printf ("%d", LIMN_HELPER_PROCESSOR_SECONDS);
  const gboolean translated = !g_str_equal (setlocale (LC_MESSAGES, NULL), "C");
  const char *domain = translated ? textdomain (NULL) : "", *folder = translated ? bindtextdomain (domain, NULL) : "";
  char *argv[] = { (char *) (program ? program : found), bytes, seconds, (char *) domain, (char *) (folder ? folder : ""), NULL };
  int pair[2], other = -1, input = -1, failed = 0;

  *self = (LimnHelper){ 0, -1 };
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    failed = errno;
  } else {
    self->socket = pair[0];
    other = fcntl (pair[1], F_DUPFD_CLOEXEC, ABOVE);
    input = fcntl (file, F_DUPFD_CLOEXEC, ABOVE);
    failed = other < 0 || input < 0 ? errno : spawn (&self->pid, argv, other, input);
    close (pair[1]);
  }
  if (other >= 0)
    close (other);
  if (input >= 0)
    close (input);
  if (failed == 0)
    return TRUE;
  self->pid = 0;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
               _("%s can't be opened: the program %s, which reads pictures, can't be started (%s)."), name, argv[0], g_strerror (failed));
  return FALSE;
}

/* The signal that ended it, 0 = none. One that doesn't end by itself at once is killed. */
static int
reap (LimnHelper *self)
{
  enum { TRIES = 50, MICROSECONDS = 2000 };
  int status = 0;
  pid_t ended = 0;

  for (int i = 0; self->pid > 0 && ended == 0 && i < TRIES; i++) {
    if (i > 0)
      g_usleep (MICROSECONDS);
    ended = TEMP_FAILURE_RETRY (waitpid (self->pid, &status, WNOHANG));
  }
  if (self->pid > 0 && ended == 0) {
    kill (self->pid, SIGKILL);
    TEMP_FAILURE_RETRY (waitpid (self->pid, &status, 0));
  }
  self->pid = 0;
  return WIFSIGNALED (status) ? WTERMSIG (status) : 0;
}

void
limn_helper_stop (LimnHelper *self)
{
  if (self->pid > 0) {
    kill (self->pid, SIGKILL);
    TEMP_FAILURE_RETRY (waitpid (self->pid, NULL, 0));
  }
  self->pid = 0;
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
}

static void
set_too_long (const char *name, GError **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("%s can't be opened: reading it takes too long."), name);
}

/* FALSE and error unless there is something to receive. */
static gboolean
wait_for_answer (LimnHelper *self, guint seconds, const char *name, GCancellable *cancellable, GError **error)
{
  GPollFD cancel = { .fd = -1 };
  struct pollfd fds[2] = { { .fd = self->socket, .events = POLLIN } };
  const gboolean pollable = g_cancellable_make_pollfd (cancellable, &cancel);
  const gint64 end = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  int ready;

  fds[1] = (struct pollfd){ .fd = pollable ? cancel.fd : -1, .events = POLLIN };
  do
    ready = poll (fds, 2, (int) (MAX (end - g_get_monotonic_time (), 0) / 1000));
  while (ready < 0 && errno == EINTR);
  if (pollable)
    g_cancellable_release_fd (cancellable);
  if (limn_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (ready == 0)
    set_too_long (name, error);
  return ready != 0;
}

GVariant *
limn_helper_ask (LimnHelper *self, GVariant *request, const char *type, int fds[2], guint seconds, const char *name,
                 GCancellable *cancellable, GError **error)
{
  const gboolean sent = limn_message_send (self->socket, request, NULL, 0); /* a helper that has ended doesn't answer either */
  GVariant *answer = NULL;
  GError *why = NULL;

  fds[0] = fds[1] = -1;
  if (wait_for_answer (self, sent ? seconds : 0, name, cancellable, &why))
    answer = limn_message_receive (self->socket, type, fds);
  if (!answer && !why && reap (self) == SIGXCPU)
    set_too_long (name, &why);
  else if (!answer && !why)
    g_set_error (&why, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s can't be opened: reading it ended unexpectedly. The file may be damaged."), name);
  if (!answer) {
    g_propagate_error (error, why);
    limn_helper_stop (self);
  }
  return answer;
}
