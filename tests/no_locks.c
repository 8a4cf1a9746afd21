/* Refuse every lock on files, as some network file systems do. For LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

static int refused(void) {
    errno = ENOLCK;
    return -1;
}

static int locks(int what) {
    return what == F_SETLK || what == F_SETLKW || what == F_OFD_SETLK || what == F_OFD_SETLKW;
}

int flock(int file, int what) {
    (void)file, (void)what;
    return refused();
}

#define WITHOUT_LOCKS(name)                                                                  \
    int name(int file, int what, ...) {                                                      \
        va_list rest;                                                                        \
        va_start(rest, what);                                                                \
        void *argument = va_arg(rest, void *);                                               \
        va_end(rest);                                                                        \
        if (locks(what)) return refused();                                                   \
        return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, #name))(file, what, argument);      \
    }

WITHOUT_LOCKS(fcntl)
WITHOUT_LOCKS(fcntl64)
