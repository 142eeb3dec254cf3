/* The helper process that decodes files of others: what it can't do once it is locked in, and what becomes of one that crashes, hangs,
 * takes too much or lies. This program is those helpers, too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/decode/limn-decode-message.h"
#include "app/decode/limn-decoder.h"
#include "app/decode/limn-picture-load.h"
#include "app/decode/limn-sandbox.h"
#include "app/picture/limn-picture-file.h"
#include "snapshot-samples.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#  define SANITIZED TRUE
#else
#  define SANITIZED FALSE
#endif

static const char *program;

/* ---------------------------------------------------------------- escapes */

static struct {
  char *path;                 /* of a file that is there */
  int file, udp;              /* descriptors that were open before */
  struct sockaddr_un address; /* somebody listens */
} outside;

/* Each returns whether it succeeded. */
static gboolean
open_for_writing (void)
{
  return open (outside.path, O_WRONLY) >= 0;
}

static gboolean
make_file (void)
{
  return open ("/tmp/limn-escaped", O_CREAT | O_WRONLY, 0600) >= 0;
}

static gboolean
open_for_reading (void)
{
  return open ("/etc/passwd", O_RDONLY) >= 0;
}

static gboolean
remove_file (void)
{
  return unlink (outside.path) == 0;
}

static gboolean
write_to_input (void)
{
  return write (outside.file, "x", 1) == 1;
}

static gboolean
connect_to_socket (void)
{
  const int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  return fd >= 0 && connect (fd, (const struct sockaddr *) &outside.address, sizeof outside.address) == 0;
}

static gboolean
connect_open_socket (void)
{
  return connect (outside.udp, (const struct sockaddr *) &outside.address, sizeof outside.address) == 0;
}

static gboolean
use_network (void)
{
  return socket (AF_INET, SOCK_STREAM, 0) >= 0;
}

static gboolean
fork_process (void)
{
  const pid_t pid = fork ();

  if (pid == 0)
    _exit (0);
  return pid > 0;
}

static gboolean
clone_process (void)
{
  const long pid = syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

  if (pid == 0)
    _exit (0);
  return pid > 0;
}

static gboolean
execute (void)
{
  execl ("/bin/true", "true", NULL);
  return FALSE; /* or else this process ends with 0 */
}

static gboolean
trace_parent (void)
{
  return ptrace (PTRACE_ATTACH, getppid (), NULL, NULL) == 0;
}

static gboolean
signal_parent (void)
{
  return kill (getppid (), 0) == 0;
}

static gboolean
map_code (void)
{
  return mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static gboolean
use_ring (void)
{
  char parameters[256] = { 0 };

  return syscall (425 /* io_uring_setup */, 4, parameters) >= 0;
}

static gboolean
raise_limit (void)
{
  return setrlimit (RLIMIT_NOFILE, &(struct rlimit){ 1000, 1000 }) == 0;
}

static const struct {
  const char *name;
  gboolean (*succeeds) (void);
  gboolean landlocked; /* landlock alone keeps it off, without seccomp too */
} escapes[] = {
  { "open a file for writing", open_for_writing, TRUE },
  { "make a file", make_file, TRUE },
  { "open a file for reading", open_for_reading, TRUE },
  { "remove a file", remove_file, TRUE },
  { "write to the input", write_to_input, TRUE }, /* which is open for reading alone */
  { "connect", connect_to_socket, FALSE },
  { "connect a socket that is open", connect_open_socket, FALSE },
  { "use the network", use_network, FALSE },
  { "fork", fork_process, FALSE },
  { "clone", clone_process, FALSE },
  { "execute a program", execute, TRUE },
  { "trace the program", trace_parent, FALSE },
  { "send a signal", signal_parent, FALSE },
  { "map code", map_code, FALSE },
  { "use io_uring", use_ring, FALSE },
  { "raise a limit", raise_limit, FALSE },
};

enum { FAILED = 3, SUCCEEDED = 4 };

static void
test_escapes (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-decoder-XXXXXX", NULL), *socket_path = g_build_filename (folder, "socket", NULL);
  const int listening = socket (AF_UNIX, SOCK_STREAM, 0);
  int n_tried = 0;

  outside.path = g_build_filename (folder, "file", NULL);
  g_assert_true (g_file_set_contents (outside.path, "as it was", -1, NULL));
  outside.file = open (outside.path, O_RDONLY);
  outside.udp = socket (AF_UNIX, SOCK_STREAM, 0);
  outside.address.sun_family = AF_UNIX;
  g_strlcpy (outside.address.sun_path, socket_path, sizeof outside.address.sun_path);
  g_assert_cmpint (bind (listening, (const struct sockaddr *) &outside.address, sizeof outside.address), ==, 0);
  g_assert_cmpint (listen (listening, 5), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
    int status;
    const pid_t pid = fork ();

    if (pid == 0) {
      const LimnSandboxLacks lacks = limn_sandbox_enter (G_GUINT64_CONSTANT (1) << 40, 60);

      if (lacks & (escapes[i].landlocked && SANITIZED ? LIMN_LACKS_LANDLOCK : 0))
        _exit (FAILED); /* there is nothing to be tested */
      _exit (escapes[i].succeeds () ? SUCCEEDED : FAILED);
    }
    g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    if (SANITIZED && !escapes[i].landlocked)
      continue;
    n_tried++;
    g_test_message ("%s", escapes[i].name);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, FAILED);
  }
  g_test_message ("%d escapes tried", n_tried);
  g_assert_false (g_file_test ("/tmp/limn-escaped", G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (outside.path, G_FILE_TEST_EXISTS));
  close (listening);
  close (outside.file);
  close (outside.udp);
  g_unlink (socket_path);
  g_unlink (outside.path);
  g_rmdir (folder);
  g_free (outside.path);
}

/* What the decoders need is left: memory, threads, memfds. */
static gpointer
run_thread (gpointer data)
{
  return data;
}

static void
test_what_is_left (void)
{
  int status;
  const pid_t pid = fork ();

  if (pid == 0) {
    guint8 *memory;
    GThread *thread;
    int fd;

    limn_sandbox_enter (G_GUINT64_CONSTANT (1) << 40, 60);
    memory = malloc (50 << 20);
    if (memory)
      memset (memory, 1, 50 << 20);
    thread = g_thread_try_new ("thread", run_thread, &status, NULL);
    fd = limn_memfd_new ("bytes", 5);
    _exit (memory && thread && g_thread_join (thread) == &status && limn_memfd_check (fd, 5) ? FAILED : SUCCEEDED);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, FAILED);
}

/* ---------------------------------------------------------------- helpers that fail */

enum { SOCKET = 3 };

/* Answers as if it had decoded a picture of 4 x 4 pixels. */
static void
answer (guint64 body, guint64 header_size, const int *fds, guint n_fds)
{
  limn_message_send (SOCKET, g_variant_new (LIMN_REPLY_TYPE, LIMN_REPLY_DONE, "", body, header_size, (guint64) 0, (guint32) 0), fds, n_fds);
}

static void
lie (const char *how)
{
  g_autoptr (LimnPicture) picture = sample_picture (4, 4, 8, 1);
  g_autoptr (GBytes) header = limn_picture_to_header (picture);
  const gsize size = g_bytes_get_size (header);
  int fds[2] = { limn_memfd_new (limn_picture_get_data (picture), 64), limn_memfd_new (g_bytes_get_data (header, NULL), size) };

  if (g_str_equal (how, "nonsense")) {
    g_assert_cmpint (write (SOCKET, "nonsense", 8), ==, 8);
  } else if (g_str_equal (how, "unsealed")) {
    fds[0] = memfd_create ("unsealed", MFD_ALLOW_SEALING);
    g_assert_cmpint (ftruncate (fds[0], 64), ==, 0);
    answer (64, size, fds, 2);
  } else if (g_str_equal (how, "short")) {
    answer (1 << 20, size, fds, 2);
  } else if (g_str_equal (how, "other-size")) {
    fds[0] = limn_memfd_new (limn_picture_get_data (picture), 60);
    answer (60, size, fds, 2);
  } else if (g_str_equal (how, "no-pixels")) {
    answer (64, size, fds + 1, 1);
  } else if (g_str_equal (how, "no-header")) {
    answer (64, size, NULL, 0);
  } else if (g_str_equal (how, "wrong-header")) {
    fds[1] = limn_memfd_new ("wrong header", 12);
    answer (64, 12, fds, 2);
  } else if (g_str_equal (how, "huge-header")) {
    answer (64, G_MAXUINT64, fds, 2);
  } else {
    answer (64, size, fds, 2); /* the truth */
  }
}

/* As a helper: this never returns. */
static void
act (const char *how)
{
  int fds[2];
  g_autoptr (GVariant) request = NULL;

  alarm (100); /* whatever becomes of the test */
  if (g_str_equal (how, "gone"))
    exit (0);
  request = limn_message_receive (SOCKET, LIMN_REQUEST_TYPE, fds);
  if (g_str_equal (how, "crash"))
    raise (SIGSEGV);
  if (g_str_equal (how, "hang"))
    pause ();
  if (g_str_equal (how, "spin")) {
    limn_sandbox_enter (G_GUINT64_CONSTANT (1) << 40, 1);
    for (volatile int i = 0;; i++)
      ;
  }
  if (g_str_equal (how, "allocate")) {
    limn_sandbox_enter (G_GUINT64_CONSTANT (256) << 20, 10);
    for (;;)
      memset (g_malloc (1 << 24), 1, 1 << 24);
  }
  lie (how);
  pause ();
}

static void
test_bad_helpers (void)
{
  static const struct {
    const char *how;
    int code; /* of the error; -1: none */
  } helpers[] = {
    { "truth", -1 },
    { "gone", LIMN_APP_ERROR_INPUT },
    { "crash", LIMN_APP_ERROR_INPUT },
    { "hang", LIMN_APP_ERROR_RESOURCES },
    { "spin", LIMN_APP_ERROR_RESOURCES },
    { "allocate", LIMN_APP_ERROR_INPUT },
    { "nonsense", LIMN_APP_ERROR_INPUT },
    { "unsealed", LIMN_APP_ERROR_INPUT },
    { "short", LIMN_APP_ERROR_INPUT },
    { "other-size", LIMN_APP_ERROR_INPUT },
    { "no-pixels", LIMN_APP_ERROR_INPUT },
    { "no-header", LIMN_APP_ERROR_INPUT },
    { "wrong-header", LIMN_APP_ERROR_INPUT },
    { "huge-header", LIMN_APP_ERROR_INPUT },
    { "none", LIMN_APP_ERROR_RESOURCES }, /* there is no such program */
  };
  const int file = limn_memfd_new ("a file", 6);

  for (guint i = 0; i < G_N_ELEMENTS (helpers); i++) {
    const gboolean slow = g_str_equal (helpers[i].how, "spin") || g_str_equal (helpers[i].how, "allocate");
    const LimnDecodeRequest request = { 0 };
    g_autoptr (LimnDecoder) decoder = NULL;
    g_autoptr (LimnPicture) picture = NULL;
    g_autoptr (GError) error = NULL;

    if (SANITIZED && g_str_equal (helpers[i].how, "allocate"))
      continue; /* a limit of address space needs one without sanitizers */
    g_setenv ("LIMN_TEST_HELPER", helpers[i].how, TRUE);
    decoder = limn_decoder_new_with (file, "a.png", g_str_equal (helpers[i].how, "none") ? "/nowhere" : program, slow ? 60 : 5);
    picture = limn_decoder_picture (decoder, &request, NULL, NULL, &error);
    g_test_message ("%s: %s", helpers[i].how, error ? error->message : "opened");
    g_assert_cmpint (picture != NULL, ==, helpers[i].code < 0);
    if (!picture)
      g_assert_error (error, LIMN_APP_ERROR, helpers[i].code);
  }
  close (file);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (100000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled (void)
{
  const LimnDecodeRequest request = { 0 };
  const int file = limn_memfd_new ("a file", 6);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LimnDecoder) decoder = limn_decoder_new_with (file, "a.png", program, 60);
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_setenv ("LIMN_TEST_HELPER", "hang", TRUE);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (limn_decoder_picture (decoder, &request, NULL, cancellable, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_thread_join (thread);
  close (file);
}

/* ---------------------------------------------------------------- Limn's own */

/* All that a picture has comes back, whatever its size. */
static void
test_same (void)
{
  static const int sizes[][3] = { { 1, 1, 8 }, { 30, 20, 16 }, { 700, 500, 8 }, { 2300, 1900, 8 }, { 600, 400, 16 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (LimnPicture) picture = sample_picture ((gsize) sizes[i][0], (gsize) sizes[i][1], sizes[i][2], i), here = NULL, there = NULL;
    g_autoptr (GBytes) file = NULL;
    g_autoptr (GError) error = NULL;
    const LimnSaveOptions options = { LIMN_FORMAT_PNG, 0, FALSE };

    limn_picture_set_resolution (picture, (LimnResolution){ 3000, 4000 });
    g_hash_table_insert (limn_picture_get_texts (picture), g_strdup ("Title"), g_strdup ("ünd"));
    file = limn_picture_encode (picture, &options, &error);
    here = limn_picture_decode (file, "a.png", FALSE, NULL, &error);
    there = limn_picture_load_bytes (file, "a.png", NULL, &error);
    g_assert_no_error (error);
    assert_same_picture (here, there);
    g_assert_cmpstr (g_hash_table_lookup (limn_picture_get_texts (there), "Title"), ==, "ünd");
    g_assert_cmpfloat (limn_picture_get_resolution (there).y, ==, limn_picture_get_resolution (here).y);
    g_assert_cmpint (limn_picture_get_has_alpha (there), ==, TRUE);
    limn_picture_get_data (there)[0] ^= 1; /* it is the program's own now */
  }
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

/* Nothing is left open, and no process. */
static void
test_nothing_left (void)
{
  g_autoptr (LimnPicture) picture = sample_picture (600, 500, 8, 1);
  const LimnSaveOptions options = { LIMN_FORMAT_PNG, 0, FALSE };
  g_autoptr (GBytes) file = limn_picture_encode (picture, &options, NULL);
  const guint before = count_descriptors ();

  for (int i = 0; i < 20; i++) {
    g_autoptr (LimnPicture) loaded = limn_picture_load_bytes (file, "a.png", NULL, NULL);

    g_assert_nonnull (loaded);
  }
  g_assert_cmpuint (count_descriptors (), ==, before);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_getenv ("LIMN_TEST_HELPER"))
    act (g_getenv ("LIMN_TEST_HELPER"));
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/escapes", test_escapes);
  g_test_add_func ("/decoder/what-is-left", test_what_is_left);
  g_test_add_func ("/decoder/bad-helpers", test_bad_helpers);
  g_test_add_func ("/decoder/cancelled", test_cancelled);
  g_test_add_func ("/decoder/same", test_same);
  g_test_add_func ("/decoder/nothing-left", test_nothing_left);
  return g_test_run ();
}
