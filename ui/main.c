/* limn: the editor. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/limn-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (LimnApplication) application = limn_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
