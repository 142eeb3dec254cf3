/* Undo steps: tiles and states trade places; past the budget tiles go to disk and come back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history/limn-history.h"

#include <glib/gstdio.h>

typedef struct {
  LimnRaster *rasters[2];
  int number;
  gboolean refuse;
  guint n_changed;
} World;

static void
world_init (World *world)
{
  *world = (World){ .rasters = { limn_raster_new (320, 256, 1), limn_raster_new (320, 256, 4) } };
}

static void
world_clear (World *world)
{
  g_clear_object (&world->rasters[0]);
  g_clear_object (&world->rasters[1]);
}

static void
on_changed (int plane, const LimnRect *rect, gpointer user)
{
  ((World *) user)->n_changed++;
}

static gboolean
swap_number (gpointer state, gpointer user, GError **error)
{
  World *world = user;
  if (world->refuse) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, "No.");
    return FALSE;
  }
  int was = world->number;
  world->number = *(int *) state;
  *(int *) state = was;
  return TRUE;
}

static guint n_spills;

static gsize
measure_number (gpointer state)
{
  return n_spills ? 0 : 100;
}

static void
spill_number (gpointer state, const char *folder)
{
  g_assert_cmpstr (folder, ==, g_get_tmp_dir ());
  n_spills++;
}

static int
at (World *world, int plane, int x, int y)
{
  guint8 pixel[4] = { 0 };
  limn_raster_read (world->rasters[plane], &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[0];
}

/* A step that fills a square of a plane with value. */
static void
paint (LimnHistory *history, World *world, int plane, int x, int y, int side, int value)
{
  g_autoptr (LimnRaster) before = limn_raster_copy (world->rasters[plane]);
  guint8 pixel[4] = { (guint8) value, 0, 0, 255 };
  limn_raster_fill (world->rasters[plane], &(LimnRect){ x, y, side, side }, pixel);
  LimnHistoryStep *step = limn_history_step_new ("Paint");
  limn_history_step_add_tiles (step, plane, before, world->rasters[plane]);
  limn_history_push (history, step);
}

static void
test_tiles (void)
{
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (G_MAXSIZE, NULL);
  g_assert_false (limn_history_undo (history, world.rasters, &world, on_changed, NULL));
  paint (history, &world, 0, 10, 10, 20, 255);
  paint (history, &world, 0, 20, 20, 100, 99);
  paint (history, &world, 1, 0, 0, 10, 50);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 3);
  g_assert_cmpuint (limn_history_get_position (history), ==, 3);
  /* what was there: nothing, one tile, nothing */
  g_assert_cmpuint (limn_history_get_memory (history), ==, 4096);

  g_assert_true (limn_history_undo (history, world.rasters, &world, on_changed, NULL));
  g_assert_cmpuint (world.n_changed, ==, 1);
  g_assert_true (limn_raster_is_empty (world.rasters[1]));
  g_assert_true (limn_history_undo (history, world.rasters, &world, on_changed, NULL));
  g_assert_cmpuint (world.n_changed, ==, 1 + 4);
  g_assert_cmpint (at (&world, 0, 25, 25), ==, 255);
  g_assert_cmpint (at (&world, 0, 100, 100), ==, 0);
  g_assert_false (limn_history_step_get_done (limn_history_peek_redo (history)));
  g_assert_true (limn_history_redo (history, world.rasters, &world, on_changed, NULL));
  g_assert_cmpint (at (&world, 0, 25, 25), ==, 99);
  g_assert_cmpint (at (&world, 0, 12, 12), ==, 255);
  g_assert_true (limn_history_step_get_done (limn_history_peek_undo (history)));

  /* a new step drops what could be redone */
  paint (history, &world, 0, 150, 150, 5, 7);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 3);
  g_assert_null (limn_history_peek_redo (history));
  for (int i = 0; i < 3; i++)
    g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
  g_assert_true (limn_raster_is_empty (world.rasters[0]));
  world_clear (&world);
}

static void
test_states (void)
{
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (100, g_get_tmp_dir ());
  g_autoptr (LimnRaster) before = limn_raster_copy (world.rasters[0]);
  static const LimnHistoryStateClass klass = { swap_number, g_free, measure_number, spill_number };
  guint8 full = 255;
  limn_raster_fill (world.rasters[0], &(LimnRect){ 0, 0, 10, 10 }, &full);
  LimnHistoryStep *step = limn_history_step_new ("Both");
  g_assert_true (limn_history_step_is_empty (step));
  limn_history_step_add_tiles (step, 0, before, world.rasters[0]);
  limn_history_step_add_state (step, g_memdup2 (&(int){ 0 }, sizeof (int)), &klass);
  g_assert_false (limn_history_step_is_empty (step));
  g_assert_cmpuint (limn_history_step_get_memory (step), ==, 100);
  world.number = 42;
  limn_history_push (history, step);
  g_assert_cmpuint (n_spills, ==, 0);
  g_assert_cmpuint (limn_history_get_memory (history), ==, 100);
  limn_history_set_budget (history, 99);
  g_assert_cmpuint (n_spills, ==, 1);
  g_assert_cmpuint (limn_history_get_memory (history), ==, 0);

  /* all or nothing */
  g_autoptr (GError) error = NULL;
  world.refuse = TRUE;
  g_assert_false (limn_history_undo (history, world.rasters, &world, on_changed, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
  g_assert_cmpint (at (&world, 0, 5, 5), ==, 255);
  g_assert_cmpuint (limn_history_get_position (history), ==, 1);
  world.refuse = FALSE;
  g_assert_true (limn_history_undo (history, world.rasters, &world, on_changed, NULL));
  g_assert_cmpint (world.number, ==, 0);
  g_assert_cmpint (at (&world, 0, 5, 5), ==, 0);
  g_assert_true (limn_history_redo (history, world.rasters, &world, on_changed, NULL));
  g_assert_cmpint (world.number, ==, 42);
  world_clear (&world);
}

/* Until memory bytes are left: the rest is written on another thread. */
static void
wait_for_memory (LimnHistory *history, gsize memory)
{
  while (limn_history_get_memory (history) > memory)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_spill (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-history-XXXXXX", NULL);
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (3 * 4096, folder);
  for (int i = 1; i <= 40; i++) /* each leaves one tile of what was before in its step */
    paint (history, &world, 0, 3, 3, 4, i);
  wait_for_memory (history, 3 * 4096);
  g_assert_cmpuint (limn_history_get_spilled (history), ==, (39 - 3) * 4096);
  /* the file has no name */
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
  for (int i = 40; i >= 1; i--) {
    g_assert_cmpint (at (&world, 0, 4, 4), ==, i);
    g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
  }
  g_assert_true (limn_raster_is_empty (world.rasters[0]));
  for (int i = 1; i <= 40; i++) {
    g_assert_true (limn_history_redo (history, world.rasters, &world, NULL, NULL));
    g_assert_cmpint (at (&world, 0, 4, 4), ==, i);
  }
  wait_for_memory (history, 3 * 4096);
  limn_history_set_budget (history, 0);
  wait_for_memory (history, 0);
  g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
  g_assert_cmpint (at (&world, 0, 4, 4), ==, 39);
  /* steps that are dropped give their room in the file back */
  while (limn_history_undo (history, world.rasters, &world, NULL, NULL))
    ;
  paint (history, &world, 0, 3, 3, 4, 1);
  while (limn_history_get_spilled (history) > 0) /* some were on their way there */
    g_main_context_iteration (NULL, TRUE);
  world_clear (&world);
  g_rmdir (folder);
}

/* Undone, redone, dropped and forgotten while it is on its way to the file. */
static void
test_on_its_way (void)
{
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (0, NULL);
  for (int i = 1; i <= 5; i++)
    paint (history, &world, 0, 3, 3, 4, i);
  g_assert_cmpuint (limn_history_get_memory (history), ==, 4 * 4096); /* nothing could be told yet */
  for (int i = 4; i >= 2; i--) {
    g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
    g_assert_cmpint (at (&world, 0, 4, 4), ==, i);
  }
  g_assert_true (limn_history_redo (history, world.rasters, &world, NULL, NULL));
  g_assert_cmpint (at (&world, 0, 4, 4), ==, 3);
  paint (history, &world, 0, 3, 3, 4, 9);
  wait_for_memory (history, 0);
  while (limn_history_get_spilled (history) > 3 * 4096)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 3; i >= 1; i--) {
    g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
    g_assert_cmpint (at (&world, 0, 4, 4), ==, i);
  }
  g_clear_object (&history);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  world_clear (&world);
}

static void
test_no_room (void)
{
  /* a folder that can't be made: steps stay in memory, none is lost */
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (0, "/dev/null/limn");
  for (int i = 1; i <= 5; i++)
    paint (history, &world, 0, 3, 3, 4, i);
  g_assert_cmpuint (limn_history_get_spilled (history), ==, 0);
  g_assert_cmpuint (limn_history_get_memory (history), ==, 4 * 4096);
  for (int i = 5; i >= 1; i--)
    g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
  g_assert_true (limn_raster_is_empty (world.rasters[0]));
  world_clear (&world);
}

static void
test_shared (void)
{
  /* a plane filled at one stroke is one tile in memory and in the file */
  World world;
  world_init (&world);
  g_autoptr (LimnHistory) history = limn_history_new (G_MAXSIZE, NULL);
  paint (history, &world, 0, 0, 0, 1000, 255);
  paint (history, &world, 0, 0, 0, 1000, 0);
  g_assert_cmpuint (limn_history_get_memory (history), ==, 4096);
  limn_history_set_budget (history, 0);
  g_assert_cmpuint (limn_history_get_spilled (history), ==, 4096);
  wait_for_memory (history, 0);
  g_assert_true (limn_history_undo (history, world.rasters, &world, NULL, NULL));
  g_assert_cmpint (at (&world, 0, 319, 255), ==, 255);
  g_assert_true (limn_raster_peek_tile (world.rasters[0], 0) == limn_raster_peek_tile (world.rasters[0], 1));
  world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/tiles", test_tiles);
  g_test_add_func ("/history/states", test_states);
  g_test_add_func ("/history/spill", test_spill);
  g_test_add_func ("/history/on-its-way", test_on_its_way);
  g_test_add_func ("/history/no-room", test_no_room);
  g_test_add_func ("/history/shared", test_shared);
  return g_test_run ();
}
