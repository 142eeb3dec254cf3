/* Makes the golden pictures anew and tells how far each moved, how far the instruction sets are apart, and how far another seed is.
 * Usage: regenerate-edits INPUTS EDITS; LIMN_MODELS: the weights. Needs a processor with every instruction set that is compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "compare.h"
#include "edits.h"

static void
print_difference (LimnPicture *a, LimnPicture *b)
{
  if (limn_picture_get_width (a) != limn_picture_get_width (b) || limn_picture_get_height (a) != limn_picture_get_height (b)) {
    g_print ("  %14s", "another size");
  } else {
    const GoldenDifference difference = golden_compare (a, b);

    g_print ("  %7.4f / %4u", difference.mean, difference.most);
  }
}

int
main (int argc, char **argv)
{
  const LimnKernels *kernels[3];
  LimnEngineHandle *engines[3];
  const gsize sets = limn_kernels_all (kernels);

  if (argc != 3)
    g_error ("Usage: regenerate-edits INPUTS EDITS");
  for (gsize k = 0; k < sets; k++)
    engines[k] = golden_engine_new (kernels[k]);
  g_print ("mean / most, levels of 255:%27s", "moved");
  for (gsize k = 0; k + 1 < sets; k++)
    g_print ("  %14s", kernels[k]->name);
  g_print ("  %14s  ms\n", "another seed");
  for (gsize i = 0; i < golden_edit_count; i++) {
    const GoldenEdit *edit = &golden_edits[i];
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strconcat (edit->name, ".png", NULL), *path = g_build_filename (argv[2], file, NULL);
    g_autoptr (LimnPicture) before = limn_picture_load (path, NULL, NULL);
    double ms[3];
    /* The plain kernels, which every processor has, make the picture. */
    g_autoptr (LimnPicture) made = golden_edit_run (edit, engines[sets - 1], argv[1], 1, &ms[sets - 1]);

    g_print ("%-22s %4" G_GSIZE_FORMAT " x %-4" G_GSIZE_FORMAT, edit->name, limn_picture_get_width (made), limn_picture_get_height (made));
    if (before)
      print_difference (before, made);
    else
      g_print ("  %14s", "new");
    for (gsize k = 0; k + 1 < sets; k++) {
      g_autoptr (LimnPicture) other = golden_edit_run (edit, engines[k], argv[1], 1, &ms[k]);

      print_difference (made, other);
    }
    {
      g_autoptr (LimnPicture) other = golden_edit_run (edit, engines[0], argv[1], 2, NULL);

      print_difference (made, other);
    }
    for (gsize k = 0; k < sets; k++)
      g_print (" %5.0f", ms[k]);
    g_print ("\n");
    if (!limn_picture_save (made, path, &(LimnSaveOptions){ .format = LIMN_FORMAT_PNG }, NULL, &error))
      g_error ("%s", error->message);
  }
  for (gsize k = 0; k < sets; k++)
    g_object_unref (engines[k]);
  return 0;
}
