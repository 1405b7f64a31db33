/* Origin: a hand-written trial of hoplon's coverage in C, made to measure what this machine can do; kept as it was (November 2026). */
/* How many engagements a second a hand-written C coverage kernel judges on this machine.
 * cc -O3 -march=native -mprefer-vector-width=512 -ffast-math -DPOLY -fopenmp -o yardstick yardstick.c coverage_kernel.c -lm && ./yardstick
 * Work: 2,000 aims x 20 launch points, 6 radars, 10 sites, 5 s steps, all notional; every (aim, launch, site) is judged by brute force.
 * coverage_kernel.c uses AVX-512 intrinsics for the fly-out look-up (93 % of the work); a machine without them cannot build it.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void k1_solve(long, const double *, const double *, const double *, const double *, double *);
void k3_cov(long, const double *, double, int, const double *, const double *, int, const double *, int, const double *, const float *, int, int,
            double, double, double, double, double, double, float *, float *, int8_t *);

enum { G = 2000, LP = 20, S = 10, K = 6, NR = 128, NA = 64, NT = 301, ROUNDS = 7 };
#define RE 6371000.0
#define OM 7.2921159e-5
#define DEG (M_PI / 180)

static uint64_t state = 5;
static double uniform(double a, double b) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return a + (b - a) * (double)(state >> 11) / 9007199254740992.0;
}
static void unit(double la, double lo, double *u) { u[0] = cos(la) * cos(lo); u[1] = cos(la) * sin(lo); u[2] = sin(la); }
static double cpu(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }

int main(void) {
    static double la1[G * LP], lo1[G * LP], la2[G * LP], lo2[G * LP], gl[G], go[G], ll[LP], lo[LP], el[G * LP * 11], ct[NT], st[NT], rad[K * 12], site[S * 3];
    static float tf[NA * NR], te[G * LP * S], tl[G * LP * S];
    static int8_t shots[G * LP * S];
    const double dt = 5, dr = 0.4 / (NR - 1), da = 1.2e6 / (NA - 1);
    for (int i = 0; i < G; i++) { gl[i] = uniform(37, 65) * DEG; go[i] = uniform(-10, 30) * DEG; }
    for (int i = 0; i < LP; i++) { ll[i] = uniform(28, 38) * DEG; lo[i] = uniform(45, 60) * DEG; }
    for (int i = 0; i < G; i++) for (int j = 0; j < LP; j++) { int k = i * LP + j; la1[k] = ll[j]; lo1[k] = lo[j]; la2[k] = gl[i]; lo2[k] = go[i]; }
    for (int j = 0; j < NT; j++) { ct[j] = cos(OM * j * dt); st[j] = sin(OM * j * dt); }
    const double rla[K] = {38, 47, 50, 40, 45, 36}, rlo[K] = {38, 27, 20, 30, 10, 33};
    double toward[3]; unit(33 * DEG, 52 * DEG, toward);
    for (int k = 0; k < K; k++) {
        double *r = rad + 12 * k, u[3]; unit(rla[k] * DEG, rlo[k] * DEG, u);
        double c = u[0] * toward[0] + u[1] * toward[1] + u[2] * toward[2], b[3], n = 0;
        for (int q = 0; q < 3; q++) { b[q] = toward[q] - c * u[q]; n += b[q] * b[q]; }
        for (int q = 0; q < 3; q++) { r[q] = u[q] * RE; r[3 + q] = u[q]; r[6 + q] = b[q] / sqrt(n); }
        r[9] = 2.5e6 * 2.5e6; r[10] = sin(3 * DEG); r[11] = cos(60 * DEG);
    }
    for (int s = 0; s < S; s++) unit(uniform(38, 54) * DEG, uniform(0, 30) * DEG, site + 3 * s);
    for (int a = 0; a < NA; a++) for (int r = 0; r < NR; r++) tf[a * NR + r] = 30 + hypot(r * dr * RE, a * da) / 3000.0;
    double best = 1e9; long judged = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double t0 = cpu();
        k1_solve(G * LP, la1, lo1, la2, lo2, el);
        k3_cov(G * LP, el, dt, NT, ct, st, K, rad, S, site, tf, NR, NA, dr, da, 1e5, 1e6, 20, 15, te, tl, shots);
        double t = cpu() - t0; if (t < best) best = t;
    }
    for (long i = 0; i < (long)G * LP * S; i++) judged += shots[i] > 0;
    printf("{\"engagements\": %ld, \"with_a_shot\": %ld, \"cpu_s\": %.4f, \"engagements_per_cpu_s\": %.0f}\n", (long)G * LP * S, judged, best, G * LP * S / best);
    return 0;
}
