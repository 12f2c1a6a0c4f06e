/* A disk that fails, and one that writes down what it was told. Loaded before libc (LD_PRELOAD) into a process of the
 * torture; it minds files whose path has $LEADWRIGHT_SHIM_MATCH in it, but for the shared memory of SQLite.
 *
 * With $LEADWRIGHT_SHIM_LOG every write, truncation, sync, creation and removal goes into that file: 32 bytes
 * (operation, fd, offset, length, length of the data), then the data.
 *
 * The process speaks to it by removing files that cannot be there:
 *   /leadwright/ack/TEXT             an acknowledgement, for the log
 *   /leadwright/fail/KIND/K/COUNT    the K-th operation from now on fails, and COUNT - 1 after it; KIND: eio, enospc, short
 *   /leadwright/fired                is there when something failed since */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pthread.h>
#include <sys/types.h>

#define FDS 4096
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char minded[FDS];
static int log_fd = -2;
static enum { EIO_KIND, ENOSPC_KIND, SHORT_KIND } kind;
static long until_failure = 0, failures = 0, fired = 0;

static void put(const void *from, size_t n) {
    const char *at = from;
    while (n > 0) {
        ssize_t done = REAL(write)(log_fd, at, n);
        if (done <= 0) abort();
        at += done;
        n -= (size_t)done;
    }
}

static void record(char op, int fd, uint64_t offset, uint64_t length, const void *data, uint64_t bytes) {
    if (log_fd == -2) {
        const char *path = getenv("LEADWRIGHT_SHIM_LOG");
        log_fd = path ? REAL(open64)(path, O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0644) : -1;
    }
    if (log_fd < 0) return;
    unsigned char head[32] = {0};
    head[0] = (unsigned char)op;
    memcpy(head + 4, &fd, 4);
    memcpy(head + 8, &offset, 8);
    memcpy(head + 16, &length, 8);
    memcpy(head + 24, &bytes, 8);
    pthread_mutex_lock(&lock);
    put(head, sizeof head);
    if (bytes) put(data, bytes);
    pthread_mutex_unlock(&lock);
}

static int is_minded(const char *path) {
    const char *match = getenv("LEADWRIGHT_SHIM_MATCH");
    return match && strstr(path, match) && !strstr(path, "-shm");
}

/* Whether this operation is to fail: 0, or the place of the failure counted from 1. */
static long next_fails(void) {
    if (failures == 0) return 0;
    if (until_failure > 1) {
        until_failure--;
        return 0;
    }
    failures--;
    return ++fired;
}

static long fails(int fd) { return fd >= 0 && fd < FDS && minded[fd] ? next_fails() : 0; }

static int error_of(void) { return kind == EIO_KIND ? EIO : ENOSPC; }

/* What only a full disk refuses is refused with its error. */
static int refuses(const char *path, int makes) {
    if (!is_minded(path) || !next_fails()) return 0;
    errno = makes ? error_of() : EIO;
    return 1;
}

static int opened(const char *path, int fd) {
    if (fd >= 0 && fd < FDS) {
        minded[fd] = (char)is_minded(path);
        if (minded[fd]) record('O', fd, 0, 0, path, strlen(path));
    }
    return fd;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = va_arg(rest, int);
    va_end(rest);
    return refuses(path, flags & O_CREAT) ? -1 : opened(path, REAL(open)(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = va_arg(rest, int);
    va_end(rest);
    return refuses(path, flags & O_CREAT) ? -1 : opened(path, REAL(open64)(path, flags, mode));
}

int close(int fd) {
    if (fd >= 0 && fd < FDS) minded[fd] = 0;
    return REAL(close)(fd);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t offset) {
    long failure = fails(fd);
    if (failure == 1 && kind == SHORT_KIND && n > 1) {
        n /= 2;
    } else if (failure) {
        errno = EIO;
        return -1;
    }
    return REAL(pread64)(fd, data, n, offset);
}

ssize_t pread(int fd, void *data, size_t n, off_t offset) { return pread64(fd, data, n, offset); }

ssize_t read(int fd, void *data, size_t n) {
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    return REAL(read)(fd, data, n);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t offset) {
    long failure = fails(fd);
    if (failure == 1 && kind == SHORT_KIND && n > 1) {
        n /= 2;
    } else if (failure) {
        errno = error_of();
        return -1;
    }
    ssize_t done = REAL(pwrite64)(fd, data, n, offset);
    if (done > 0 && fd < FDS && minded[fd]) record('W', fd, (uint64_t)offset, (uint64_t)done, data, (uint64_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t offset) { return pwrite64(fd, data, n, offset); }

ssize_t write(int fd, const void *data, size_t n) {
    if (fd < 0 || fd >= FDS || !minded[fd]) return REAL(write)(fd, data, n);
    off64_t offset = lseek64(fd, 0, SEEK_CUR);
    ssize_t done = pwrite64(fd, data, n, offset);
    if (done > 0) lseek64(fd, offset + done, SEEK_SET);
    return done;
}

static int synced(int fd, int (*real)(int)) {
    if (fails(fd)) {
        errno = error_of();
        return -1;
    }
    int done = real(fd);
    if (done == 0 && fd >= 0 && fd < FDS && minded[fd]) record('S', fd, 0, 0, 0, 0);
    return done;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int ftruncate64(int fd, off64_t length) {
    if (fails(fd)) {
        errno = error_of();
        return -1;
    }
    int done = REAL(ftruncate64)(fd, length);
    if (done == 0 && fd >= 0 && fd < FDS && minded[fd]) record('T', fd, (uint64_t)length, 0, 0, 0);
    return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int told(const char *what) {
    char name[16];
    long k, count;
    if (strncmp(what, "ack/", 4) == 0) {
        record('A', 0, 0, 0, what + 4, strlen(what + 4));
        return 0;
    }
    if (sscanf(what, "fail/%15[a-z]/%ld/%ld", name, &k, &count) == 3) {
        kind = strcmp(name, "eio") == 0 ? EIO_KIND : strcmp(name, "enospc") == 0 ? ENOSPC_KIND : SHORT_KIND;
        until_failure = k;
        failures = count;
        fired = 0;
        return 0;
    }
    if (strcmp(what, "fired") == 0 && fired > 0) return 0;
    errno = ENOENT;
    return -1;
}

int unlink(const char *path) {
    if (strncmp(path, "/leadwright/", 12) == 0) return told(path + 12);
    if (refuses(path, 0)) return -1;
    int done = REAL(unlink)(path);
    if (done == 0 && is_minded(path)) record('U', 0, 0, 0, path, strlen(path));
    return done;
}
