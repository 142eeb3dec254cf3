/* Who made Limn, and with what. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-about.h"

#include <glib/gi18n.h>

static const char *const libraries[] = { "GTK https://gtk.org", "libadwaita https://gnome.pages.gitlab.gnome.org/libadwaita",
                                         "Little CMS https://www.littlecms.com", "libpng, libjpeg-turbo, libwebp, minizip, cJSON", NULL };
static const char *const pictures[] = { "KDE Visual Design Group",
                                        "Daniel Büchele https://www.flickr.com/photos/danielbuechele/6061409035/", "Stefan van der Walt",
                                        NULL };

/* What both widgets call the same. */
static void
set_properties (gpointer about)
{
  g_object_set (about, "application-name", _("Limn"), "application-icon", "org.limn.Limn", "version", LIMN_VERSION, "developer-name",
                _("The Limn developers"), "license-type", GTK_LICENSE_GPL_3_0, "comments",
                _("Paint over what should go. Sketch, and watch a picture appear. See a gray photo in color. Make a small "
                   "picture large. Everything happens on this computer."),
                /* Translators: replace this by your names, one a line. */
                "translator-credits", _("translator-credits"), NULL);
}

#define NETWORKS_LICENSE                                                         \
  _("The networks were trained for Limn on freely licensed pictures. The file " \
     "<tt>models/sources.md</tt> names each with its author and license.")

#if ADW_CHECK_VERSION(1, 5, 0)
void
limn_about_present (GtkWindow *parent)
{
  AdwAboutDialog *about = ADW_ABOUT_DIALOG (adw_about_dialog_new ());

  set_properties (about);
  adw_about_dialog_add_acknowledgement_section (about, _("Built With"), (const char **) libraries);
  adw_about_dialog_add_acknowledgement_section (about, _("Sample Pictures"), (const char **) pictures);
  adw_about_dialog_add_legal_section (about, _("Networks"), NULL, GTK_LICENSE_CUSTOM, NETWORKS_LICENSE);
  adw_dialog_present (ADW_DIALOG (about), parent ? GTK_WIDGET (parent) : NULL);
}
#else
void
limn_about_present (GtkWindow *parent)
{
  AdwAboutWindow *about = ADW_ABOUT_WINDOW (adw_about_window_new ());

  set_properties (about);
  adw_about_window_add_acknowledgement_section (about, _("Built With"), (const char **) libraries);
  adw_about_window_add_acknowledgement_section (about, _("Sample Pictures"), (const char **) pictures);
  adw_about_window_add_legal_section (about, _("Networks"), NULL, GTK_LICENSE_CUSTOM, NETWORKS_LICENSE);
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_present (GTK_WINDOW (about));
}
#endif
