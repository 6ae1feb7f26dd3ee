#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/* Compiler attributes that gcc and clang share. */

#define MUST_USE                 __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define NO_RETURN                __attribute__((noreturn))

#endif
