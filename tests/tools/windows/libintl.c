/* SPDX-License-Identifier: MIT */
#include "libintl.h"

static char *same(const char *text) { return (char *)text; }

char *gettext(const char *message) { return same(message); }

char *dgettext(const char *domain, const char *message) {
    (void)domain;
    return same(message);
}

char *dcgettext(const char *domain, const char *message, int category) {
    (void)domain;
    (void)category;
    return same(message);
}

char *ngettext(const char *one, const char *many, unsigned long count) { return same(count == 1 ? one : many); }

char *dngettext(const char *domain, const char *one, const char *many, unsigned long count) {
    (void)domain;
    return same(count == 1 ? one : many);
}

char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count, int category) {
    (void)domain;
    (void)category;
    return same(count == 1 ? one : many);
}

char *textdomain(const char *domain) { return same(domain); }

char *bindtextdomain(const char *domain, const char *folder) {
    (void)domain;
    return same(folder);
}

char *bind_textdomain_codeset(const char *domain, const char *encoding) {
    (void)domain;
    return same(encoding);
}
