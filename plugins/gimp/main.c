/* Limn's plug-in for GIMP 2.10: Filters > Limn, and a procedure for each edit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply.h"
#include "dialog.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <libgimp/gimp.h>
#include <locale.h>

#define FIRST_OPTION 3 /* of a procedure's parameters */

/* -- What there is -- */

static char *
describe (const Option *option)
{
  const char *help = option->help ? option->help : option->label;

  return option->kind == OPTION_STRENGTH_OR_AUTOMATIC ? g_strdup_printf ("%s (-1: automatic)", help) : g_strdup (help);
}

/* The parameters of every procedure, and then an edit's own. What GIMP copies is kept until this process ends. */
static void
install (const Edit *edit)
{
  GimpParamDef params[FIRST_OPTION + MOST_OPTIONS] = {
    { GIMP_PDB_INT32, "run-mode", "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }" },
    { GIMP_PDB_IMAGE, "image", "The image" },
    { GIMP_PDB_DRAWABLE, "drawable", "The layer" },
  };
  const guint n = edit_count_options (edit);

  for (guint i = 0; i < n; i++) {
    const Option *option = &edit->options[i];
    const gboolean whole = option->kind == OPTION_SEED || option->kind == OPTION_SCALE;

    params[FIRST_OPTION + i] = (GimpParamDef){ whole ? GIMP_PDB_INT32 : GIMP_PDB_FLOAT, (char *) option->name, describe (option) };
  }
  gimp_install_procedure (edit->procedure, edit->blurb, "limn-cli does it, on this computer. docs/plugins.md tells more.",
                          "The Limn developers", "GPL-3.0-or-later", "2026", edit->label, "RGB*, GRAY*", GIMP_PLUGIN,
                          (int) (FIRST_OPTION + n), 0, params, NULL);
  gimp_plugin_menu_register (edit->procedure, "<Image>/Filters/Limn");
}

static void
query (void)
{
  gimp_plugin_domain_register ("limn", LIMN_LOCALE_DIR);
  for (guint i = 0; i < n_edits; i++)
    install (&edits[i]);
}

/* -- A call -- */

static void
take_parameters (const Edit *edit, const GimpParam *params, double *values)
{
  for (guint i = 0; edit->options[i].name; i++) {
    const GimpParam *param = &params[FIRST_OPTION + i];

    values[i] = param->type == GIMP_PDB_FLOAT ? param->data.d_float : param->data.d_int32;
  }
}

/* The last values, where there are any, as long as GIMP runs. */
static void
recall (const Edit *edit, double values[MOST_OPTIONS])
{
  if (gimp_get_data_size (edit->procedure) == MOST_OPTIONS * (int) sizeof (double))
    gimp_get_data (edit->procedure, values);
}

/* The values to use. FALSE where the user wants none of it. */
static gboolean
choose_values (const Edit *edit, GimpRunMode mode, const GimpParam *params, double values[MOST_OPTIONS])
{
  if (mode == GIMP_RUN_NONINTERACTIVE)
    take_parameters (edit, params, values);
  else
    recall (edit, values);
  return mode != GIMP_RUN_INTERACTIVE || dialog_run (edit, values);
}

static GimpPDBStatusType
call (const Edit *edit, int n_params, const GimpParam *params, GError **error)
{
  const GimpRunMode mode = params[0].data.d_int32;
  const gint32 image = params[1].data.d_image, layer = params[2].data.d_drawable;
  double values[MOST_OPTIONS] = { 0 };

  edit_set_defaults (edit, values);
  if (mode == GIMP_RUN_NONINTERACTIVE && n_params != FIRST_OPTION + (int) edit_count_options (edit))
    return GIMP_PDB_CALLING_ERROR;
  if (!apply_check (edit, image, layer, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (!choose_values (edit, mode, params, values))
    return GIMP_PDB_CANCEL;
  if (!edit_check_values (edit, values, error) || !apply_edit (edit, values, image, layer, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
  if (mode == GIMP_RUN_INTERACTIVE)
    gimp_set_data (edit->procedure, values, sizeof values);
  return GIMP_PDB_SUCCESS;
}

static void
run (const char *name, int n_params, const GimpParam *params, int *n_out, GimpParam **out)
{
  static GimpParam returned[2];
  const Edit *edit = edit_find (name);
  GError *error = NULL; /* its sentence lives as long as this process, which ends soon */

  setlocale (LC_ALL, "");
  bindtextdomain ("limn", LIMN_LOCALE_DIR);
  bind_textdomain_codeset ("limn", "UTF-8");
  textdomain ("limn");
  returned[0] = (GimpParam){ .type = GIMP_PDB_STATUS };
  returned[0].data.d_status = edit ? call (edit, n_params, params, &error) : GIMP_PDB_CALLING_ERROR;
  if (error) {
    returned[1] = (GimpParam){ .type = GIMP_PDB_STRING };
    returned[1].data.d_string = error->message;
  }
  *n_out = error ? 2 : 1;
  *out = returned;
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()
