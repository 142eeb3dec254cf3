/* Materials: the table keeps its promises.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "engine/limn-engine.h"

/* What documents keep: a label means the same material for ever. */
static void
test_labels_are_stable (void)
{
  static const char *const ids[] = { "sky",      "sunset", "clouds", "sun",  "meadow",  "lawn",  "sand", "path",  "gravel", "rock",
                                     "mountain", "snow",   "water",  "sea",  "leaves",  "hedge", "firs", "woods", "bark",   "straw",
                                     "stone",    "brick",  "roof",   "wood", "plaster", "glass", "fur",  "road" };

  g_assert_cmpuint (limn_material_count (), ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    const LimnMaterial *material = limn_material_of_label ((uint8_t) (i + 1));

    g_assert_nonnull (material);
    g_assert_cmpstr (material->id, ==, ids[i]);
    g_assert_true (limn_material_of_id (ids[i]) == material);
  }
  g_assert_null (limn_material_of_label (LIMN_LABEL_NONE));
  g_assert_null (limn_material_of_label (LIMN_LABEL_OWN));
  g_assert_null (limn_material_of_label (LIMN_LABEL_PLAIN));
  g_assert_null (limn_material_of_id ("marzipan"));
}

/* Groups are offered one after the other, and nothing comes after the last material. */
static void
test_groups_are_together (void)
{
  for (size_t i = 1; i < limn_material_count (); i++)
    g_assert_cmpint (limn_material_at (i)->group, >=, limn_material_at (i - 1)->group);
  g_assert_null (limn_material_at (limn_material_count ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/materials/labels-are-stable", test_labels_are_stable);
  g_test_add_func ("/materials/groups-are-together", test_groups_are_together);
  return g_test_run ();
}
