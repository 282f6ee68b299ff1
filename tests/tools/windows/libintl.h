/* SPDX-License-Identifier: MIT */
/* What GLib wants of libintl, for builds without translations: every message is its own. */
#ifndef NESTLING_LIBINTL_H
#define NESTLING_LIBINTL_H

#include <locale.h>

#ifndef LC_MESSAGES
#define LC_MESSAGES 1729 /* as in the real one, because this C library has none */
#endif

/* Without it GLib's formats are no literals to the compiler. */
#define NESTLING_FORMAT(number) __attribute__((__format_arg__(number)))

#ifdef __cplusplus
extern "C" {
#endif
char *gettext(const char *message) NESTLING_FORMAT(1);
char *dgettext(const char *domain, const char *message) NESTLING_FORMAT(2);
char *dcgettext(const char *domain, const char *message, int category) NESTLING_FORMAT(2);
char *ngettext(const char *one, const char *many, unsigned long count) NESTLING_FORMAT(1) NESTLING_FORMAT(2);
char *dngettext(const char *domain, const char *one, const char *many, unsigned long count) NESTLING_FORMAT(2)
    NESTLING_FORMAT(3);
char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count, int category)
    NESTLING_FORMAT(2) NESTLING_FORMAT(3);
char *textdomain(const char *domain);
char *bindtextdomain(const char *domain, const char *folder);
char *bind_textdomain_codeset(const char *domain, const char *encoding);
#ifdef __cplusplus
}
#endif

#endif
