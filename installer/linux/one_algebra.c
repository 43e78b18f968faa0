/* OpenCV's linear algebra, answered by NumPy's.

   The wheels of OpenCV and of NumPy bring an OpenBLAS each (40 and 25 MB). NumPy's counts with 64 bits and has names
   of its own. This library has the names that OpenCV asks for, and passes each call on. Arguments are those of
   the reference (netlib.org/lapack); a Fortran compiler adds the length of every text as a last argument. */
#include <stdint.h>
#include <stdlib.h>

typedef int32_t narrow;
typedef int64_t wide;
#define NO_MEMORY (-1010) /* as LAPACKE says it */

#define GEMM(letter, scalar)                                                                                 \
    extern void scipy_cblas_##letter##gemm64_(int, int, int, wide, wide, wide, scalar, const void *, wide,   \
                                              const void *, wide, scalar, void *, wide);                     \
    void cblas_##letter##gemm(int order, int ta, int tb, narrow m, narrow n, narrow k, scalar alpha,         \
                              const void *a, narrow lda, const void *b, narrow ldb, scalar beta, void *c,    \
                              narrow ldc)                                                                    \
    {                                                                                                        \
        scipy_cblas_##letter##gemm64_(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);          \
    }
GEMM(s, float)
GEMM(d, double)
GEMM(c, const void *)
GEMM(z, const void *)

static void take_over(narrow *target, const wide *source, wide count, wide info)
{
    for (wide at = 0; info >= 0 && at < count; at++) target[at] = (narrow)source[at];
}

static wide *integers(wide count) { return malloc(sizeof(wide) * (size_t)(count > 0 ? count : 1)); }

static wide less(wide one, wide other) { return one < other ? one : other; }

#define LAPACK(letter, real)                                                                                 \
    extern void scipy_##letter##gels_64_(const char *, wide *, wide *, wide *, real *, wide *, real *,       \
                                         wide *, real *, wide *, wide *, size_t);                            \
    void letter##gels_(const char *trans, narrow *m, narrow *n, narrow *nrhs, real *a, narrow *lda, real *b, \
                       narrow *ldb, real *work, narrow *lwork, narrow *info)                                 \
    {                                                                                                        \
        wide M = *m, N = *n, R = *nrhs, A = *lda, B = *ldb, L = *lwork, I = 0;                               \
        scipy_##letter##gels_64_(trans, &M, &N, &R, a, &A, b, &B, work, &L, &I, 1);                          \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##geqrf_64_(wide *, wide *, real *, wide *, real *, real *, wide *, wide *);   \
    void letter##geqrf_(narrow *m, narrow *n, real *a, narrow *lda, real *tau, real *work, narrow *lwork,    \
                        narrow *info)                                                                        \
    {                                                                                                        \
        wide M = *m, N = *n, A = *lda, L = *lwork, I = 0;                                                    \
        scipy_##letter##geqrf_64_(&M, &N, a, &A, tau, work, &L, &I);                                         \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##gesdd_64_(const char *, wide *, wide *, real *, wide *, real *, real *,      \
                                          wide *, real *, wide *, real *, wide *, wide *, wide *, size_t);   \
    void letter##gesdd_(const char *jobz, narrow *m, narrow *n, real *a, narrow *lda, real *s, real *u,      \
                        narrow *ldu, real *vt, narrow *ldvt, real *work, narrow *lwork, narrow *iwork,       \
                        narrow *info)                                                                        \
    {                                                                                                        \
        wide M = *m, N = *n, A = *lda, U = *ldu, V = *ldvt, L = *lwork, I = NO_MEMORY;                       \
        wide *room = integers(8 * less(M, N));                                                               \
        (void)iwork;                                                                                         \
        if (room) {                                                                                          \
            scipy_##letter##gesdd_64_(jobz, &M, &N, a, &A, s, u, &U, vt, &V, work, &L, room, &I, 1);         \
            free(room);                                                                                      \
        }                                                                                                    \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##gesv_64_(wide *, wide *, real *, wide *, wide *, real *, wide *, wide *);    \
    void letter##gesv_(narrow *n, narrow *nrhs, real *a, narrow *lda, narrow *ipiv, real *b, narrow *ldb,    \
                       narrow *info)                                                                         \
    {                                                                                                        \
        wide N = *n, R = *nrhs, A = *lda, B = *ldb, I = NO_MEMORY, *rows = integers(N);                      \
        if (rows) {                                                                                          \
            scipy_##letter##gesv_64_(&N, &R, a, &A, rows, b, &B, &I);                                        \
            take_over(ipiv, rows, N, I);                                                                     \
            free(rows);                                                                                      \
        }                                                                                                    \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##getrf_64_(wide *, wide *, real *, wide *, wide *, wide *);                   \
    void letter##getrf_(narrow *m, narrow *n, real *a, narrow *lda, narrow *ipiv, narrow *info)              \
    {                                                                                                        \
        wide M = *m, N = *n, A = *lda, I = NO_MEMORY, *rows = integers(less(M, N));                          \
        if (rows) {                                                                                          \
            scipy_##letter##getrf_64_(&M, &N, a, &A, rows, &I);                                              \
            take_over(ipiv, rows, less(M, N), I);                                                            \
            free(rows);                                                                                      \
        }                                                                                                    \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##posv_64_(const char *, wide *, wide *, real *, wide *, real *, wide *,       \
                                         wide *, size_t);                                                    \
    void letter##posv_(const char *uplo, narrow *n, narrow *nrhs, real *a, narrow *lda, real *b,             \
                       narrow *ldb, narrow *info)                                                            \
    {                                                                                                        \
        wide N = *n, R = *nrhs, A = *lda, B = *ldb, I = 0;                                                   \
        scipy_##letter##posv_64_(uplo, &N, &R, a, &A, b, &B, &I, 1);                                         \
        *info = (narrow)I;                                                                                   \
    }                                                                                                        \
    extern void scipy_##letter##potrf_64_(const char *, wide *, real *, wide *, wide *, size_t);             \
    void letter##potrf_(const char *uplo, narrow *n, real *a, narrow *lda, narrow *info)                     \
    {                                                                                                        \
        wide N = *n, A = *lda, I = 0;                                                                        \
        scipy_##letter##potrf_64_(uplo, &N, a, &A, &I, 1);                                                   \
        *info = (narrow)I;                                                                                   \
    }
LAPACK(s, float)
LAPACK(d, double)

extern void scipy_dgeev_64_(const char *, const char *, wide *, double *, wide *, double *, double *, double *,
                            wide *, double *, wide *, double *, wide *, wide *, size_t, size_t);
void dgeev_(const char *jobvl, const char *jobvr, narrow *n, double *a, narrow *lda, double *wr, double *wi,
            double *vl, narrow *ldvl, double *vr, narrow *ldvr, double *work, narrow *lwork, narrow *info)
{
    wide N = *n, A = *lda, VL = *ldvl, VR = *ldvr, L = *lwork, I = 0;
    scipy_dgeev_64_(jobvl, jobvr, &N, a, &A, wr, wi, vl, &VL, vr, &VR, work, &L, &I, 1, 1);
    *info = (narrow)I;
}
