// User-Mode Linux 6.1 keeps 2 KiB of each process's extended processor state. Where the processor has more, as with AMX, the
// kernel refuses to set only a part of it, and User-Mode Linux ends with its first process. Preloaded, this sets the whole: what
// was there, with the part that User-Mode Linux knows in front.
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { extended_state = 0x202 };  // NT_X86_XSTATE of <elf.h>

static _Thread_local char whole_state[64 << 10] __attribute__((aligned(64)));

static long kernel_ptrace(long request, pid_t pid, void *address, void *data) {
    return syscall(SYS_ptrace, request, pid, address, data);
}

// `part` is what the caller has room for, or wants to set.
static long transfer(long request, pid_t pid, void *address, struct iovec *part) {
    struct iovec whole = {.iov_base = whole_state, .iov_len = sizeof whole_state};
    long code = kernel_ptrace(PTRACE_GETREGSET, pid, address, &whole);
    if (code < 0) return code;
    if (part->iov_len > whole.iov_len) part->iov_len = whole.iov_len;
    if (request == PTRACE_GETREGSET) {
        memcpy(part->iov_base, whole_state, part->iov_len);
        return 0;
    }
    memcpy(whole_state, part->iov_base, part->iov_len);
    return kernel_ptrace(PTRACE_SETREGSET, pid, address, &whole);
}

long ptrace(enum __ptrace_request request, ...) {
    va_list arguments;
    va_start(arguments, request);
    pid_t pid = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *), *data = va_arg(arguments, void *);
    va_end(arguments);
    switch (request) {
    case PTRACE_GETREGSET:
    case PTRACE_SETREGSET:
        if ((long)address == extended_state) return transfer(request, pid, address, data);
        break;
    case PTRACE_PEEKTEXT:
    case PTRACE_PEEKDATA:
    case PTRACE_PEEKUSER: {
        // The C library gives back the word, and the kernel puts it where it is told.
        long word = 0;
        if (kernel_ptrace(request, pid, address, &word) < 0) return -1;
        errno = 0;
        return word;
    }
    default: break;
    }
    return kernel_ptrace(request, pid, address, data);
}
