/* An extended Kalman filter over radar looks in plain C, to measure what this machine can do.
 * cc -O3 -march=native -shared -fPIC -o ekf.so ekf.c -lm
 * The same work as hoplon.sensing.filters.extended_kalman_filter, written by hand: two-body motion by the classical
 * Runge-Kutta method, the gravity gradient at the middle of a step, three scalar updates a look.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define MU 3.986004418e14
#define OMEGA 7.292115e-5
#define LONGEST 10.0
enum { SITE = 14 };

static inline void fall(const double *r, double *a) {
    double s = r[0] * r[0] + r[1] * r[1] + r[2] * r[2], p = -MU / (s * sqrt(s));
    for (int i = 0; i < 3; i++) a[i] = p * r[i];
}

static inline void step_state(double *x, double h) {
    double a[3], b[3], c[3], d[3], m[3], n[3], e[3];
    fall(x, a);
    for (int i = 0; i < 3; i++) m[i] = x[i] + 0.5 * h * x[3 + i];
    fall(m, b);
    for (int i = 0; i < 3; i++) n[i] = m[i] + 0.25 * h * h * a[i];
    fall(n, c);
    for (int i = 0; i < 3; i++) e[i] = x[i] + h * (x[3 + i] + 0.5 * h * b[i]);
    fall(e, d);
    for (int i = 0; i < 3; i++) {
        x[i] += h * x[3 + i] + h * h / 6 * (a[i] + b[i] + c[i]);
        x[3 + i] += h / 6 * (a[i] + 2 * (b[i] + c[i]) + d[i]);
    }
}

static inline void half_carry(const double p[6][6], double q[6][6], const double g[3][3], double h) {
    /* q = (Phi p) transposed, so that twice of it is Phi P Phi^T. */
    double hh = 0.5 * h * h, h6 = h * h * h / 6;
    for (int k = 0; k < 6; k++) {
        double a[3], b[3];
        for (int i = 0; i < 3; i++) {
            a[i] = hh * p[i][k] + h6 * p[3 + i][k];
            b[i] = h * p[i][k] + hh * p[3 + i][k];
        }
        for (int i = 0; i < 3; i++) {
            q[k][i] = p[i][k] + h * p[3 + i][k] + g[i][0] * a[0] + g[i][1] * a[1] + g[i][2] * a[2];
            q[k][3 + i] = p[3 + i][k] + g[i][0] * b[0] + g[i][1] * b[1] + g[i][2] * b[2];
        }
    }
}

static void carry(double *x, double p[6][6], double time) {
    int parts = (int)fmax(1, ceil(time / LONGEST));
    double h = time / parts, q[6][6], g[3][3], m[3];
    for (int part = 0; part < parts; part++) {
        double before[3] = {x[0], x[1], x[2]};
        step_state(x, h);
        for (int i = 0; i < 3; i++) m[i] = 0.5 * (before[i] + x[i]);
        double s = m[0] * m[0] + m[1] * m[1] + m[2] * m[2], pull = MU / (s * sqrt(s)), tide = 3 * pull / s;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) g[i][j] = tide * m[i] * m[j] - (i == j ? pull : 0);
        half_carry(p, q, g, h);
        half_carry(q, p, g, h);
    }
}

static inline void update(double *x, double p[6][6], const double *g, double miss, double variance) {
    double s[6];
    for (int i = 0; i < 6; i++) s[i] = p[0][i] * g[0] + p[1][i] * g[1] + p[2][i] * g[2];
    double scale = 1 / (g[0] * s[0] + g[1] * s[1] + g[2] * s[2] + variance);
    for (int i = 0; i < 6; i++) x[i] += scale * miss * s[i];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) p[i][j] -= scale * s[i] * s[j];
}

static inline void turn(const double *v, double c, double s, double *out) {
    out[0] = c * v[0] - s * v[1];
    out[1] = s * v[0] + c * v[1];
    out[2] = v[2];
}

static void look(double *x, double p[6][6], const double *site, double c, double s, const double *z) {
    double o[3], e[3], n[3], u[3], d[3], g[3][3], x0[3] = {x[0], x[1], x[2]};
    turn(site, c, s, o); turn(site + 3, c, s, e); turn(site + 6, c, s, n); turn(site + 9, c, s, u);
    for (int i = 0; i < 3; i++) d[i] = x[i] - o[i];
    double de = d[0] * e[0] + d[1] * e[1] + d[2] * e[2], dn = d[0] * n[0] + d[1] * n[1] + d[2] * n[2];
    double du = d[0] * u[0] + d[1] * u[1] + d[2] * u[2], sq = de * de + dn * dn, level = sqrt(sq);
    double over = 1 / (sq + du * du), flat = 1 / sq, rise = -du * over / level, out = level * over;
    for (int i = 0; i < 3; i++) {
        g[0][i] = flat * (dn * e[i] - de * n[i]);
        g[1][i] = rise * (de * e[i] + dn * n[i]) + out * u[i];
    }
    double azimuth = z[1] - atan2(de, dn), elevation = z[2] - atan2(du, level), a = site[13] * site[13], slant = 0;
    azimuth -= 2 * M_PI * floor(azimuth / (2 * M_PI) + 0.5);
    update(x, p, g[0], azimuth, a * flat / over);
    for (int i = 0; i < 3; i++) elevation -= g[1][i] * (x[i] - x0[i]);
    update(x, p, g[1], elevation, a);
    for (int i = 0; i < 3; i++) { g[2][i] = x[i] - o[i]; slant += g[2][i] * g[2][i]; }
    slant = sqrt(slant);
    for (int i = 0; i < 3; i++) g[2][i] /= slant;
    update(x, p, g[2], z[0] - slant, site[12] * site[12]);
}

static void place(const double *site, double t, const double *z, double *r, double cov[3][3]) {
    double c = cos(OMEGA * t), s = sin(OMEGA * t), o[3], e[3], n[3], u[3], l[3];
    turn(site, c, s, o); turn(site + 3, c, s, e); turn(site + 6, c, s, n); turn(site + 9, c, s, u);
    double across = z[0] * z[0] * site[13] * site[13], along = site[12] * site[12] - across;
    for (int i = 0; i < 3; i++) {
        l[i] = cos(z[2]) * (sin(z[1]) * e[i] + cos(z[1]) * n[i]) + sin(z[2]) * u[i];
        r[i] = o[i] + z[0] * l[i];
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) cov[i][j] = along * l[i] * l[j] + (i == j ? across : 0);
}

/* Track n flights through m looks; write the last state and covariance of each. */
void track(int64_t n, int64_t m, const double *times, const int64_t *radars, const double *measured,
           const uint8_t *detected, const double *sites, double *states, double *covariances) {
    for (int64_t f = 0; f < n; f++) {
        double x[6], p[6][6], r0[3], r1[3], c0[3][3], c1[3][3], time = 0;
        int begun = 0, seen = 0;
        for (int64_t k = 0; k < m; k++) {
            if (!detected[f * m + k]) continue;
            const double *site = sites + SITE * radars[k], *z = measured + 3 * (f * m + k);
            double t = times[k];
            if (begun) {
                if (t > time) carry(x, p, t - time);
                time = t;
                look(x, p, site, cos(OMEGA * t), sin(OMEGA * t), z);
            } else if (seen && t > time) {
                double h = t - time, mid[3], a[3];
                place(site, t, z, r1, c1);
                for (int i = 0; i < 3; i++) mid[i] = 0.5 * (r0[i] + r1[i]);
                fall(mid, a);
                for (int i = 0; i < 3; i++) {
                    x[i] = r1[i];
                    x[3 + i] = (r1[i] - r0[i]) / h + 0.5 * h * a[i];
                    for (int j = 0; j < 3; j++) {
                        p[i][j] = c1[i][j];
                        p[i][3 + j] = p[3 + i][j] = c1[i][j] / h;
                        p[3 + i][3 + j] = (c0[i][j] + c1[i][j]) / (h * h);
                    }
                }
                begun = 1;
                time = t;
            } else if (!seen) {
                place(site, t, z, r0, c0);
                seen = 1;
                time = t;
            }
        }
        if (begun && times[m - 1] > time) carry(x, p, times[m - 1] - time);
        memcpy(states + 6 * f, x, sizeof x);
        memcpy(covariances + 36 * f, p, sizeof p);
    }
}
