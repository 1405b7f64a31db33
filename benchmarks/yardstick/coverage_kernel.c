/* Origin: a hand-written trial of hoplon's coverage in C, made to measure what this machine can do; kept as it was (November 2026). */
#include <immintrin.h>
// C "physical limit" baselines. gcc -O3 -march=native [-ffast-math] -fopenmp -shared -fPIC
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef POLY
// branch-free polynomial sin/cos (|x| < ~1e4, ~1 ulp-ish) and exp; vectorise without libmvec
static inline __attribute__((always_inline)) void fsincos(double x,double*sn,double*cs){
  double k=floor(x*0.63661977236758134+0.5); double r=(x-k*1.5707963267341256)-k*6.0771005065061922e-11; double z=r*r;
  double s=r+r*z*(-1.66666666666666324348e-01+z*(8.33333333332248946124e-03+z*(-1.98412698298579493134e-04+z*(2.75573137070700676789e-06+z*(-2.50507602534068634195e-08+z*1.58969099521155010221e-10)))));
  double c=1-0.5*z+z*z*(4.16666666666666019037e-02+z*(-1.38888888888741095749e-03+z*(2.48015872894767294178e-05+z*(-2.75573143513906633035e-07+z*(2.08757232129817482790e-09+z*-1.13596475577881948265e-11)))));
  double h=k*0.5, odd=(h-floor(h))*2; /* 0 or 1 */ double q=k-4*floor(k*0.25);
  double ss=odd>0.5?c:s, cc=odd>0.5?s:c; *sn=(q>1.5)?-ss:ss; *cs=(q>0.5&&q<2.5)?-cc:cc; }
static inline __attribute__((always_inline)) double fexp(double x){ // clamp, 2^k via bits
  double k=floor(x*1.4426950408889634+0.5); double r=(x-k*0.69314718036912382)-k*1.9082149292705877e-10;
  double p=1+r*(1+r*(0.5+r*(1./6+r*(1./24+r*(1./120+r*(1./720+r*(1./5040+r*(1./40320+r*(1./362880+r*(1./3628800+r*(1./39916800+r*(1./479001600))))))))))));
  union{int64_t i;double d;}u; u.i=((int64_t)k+1023)<<52; return p*u.d; }
#else
static inline __attribute__((always_inline)) void fsincos(double x,double*s,double*c){*s=sin(x);*c=cos(x);}
#define fexp exp
#endif
#define MU 3.986004418e14
#define RE 6371000.0
#define OM 7.2921159e-5
#define NITER 8
#define NEWT 5
// elements: A(3) B(3) a b e T n  => 11 doubles, SoA stride N
static inline __attribute__((always_inline)) void solve1(double la1,double lo1,double la2,double lo2,double*o){
  double u1x=cos(la1)*cos(lo1),u1y=cos(la1)*sin(lo1),u1z=sin(la1);
  double c2=cos(la2),s2=sin(la2),T=1000.,u2x=0,u2y=0,sh=0,ch=0,s=0,a=0;
  for(int k=0;k<NITER;k++){
    double l=lo2+OM*T,sl,cl; fsincos(l,&sl,&cl); u2x=c2*cl;u2y=c2*sl;
    double dx=u2x-u1x,dy=u2y-u1y,dz=s2-u1z;
    sh=0.5*sqrt(dx*dx+dy*dy+dz*dz); ch=sqrt(1-sh*sh);
    s=RE*(1+sh); double q=sqrt((1-sh)/(1+sh)); double be=2*asin(q);
    T=sqrt(s*s*s/(8*MU))*(M_PI-be+2*q*sqrt(1-q*q)); a=0.5*s;
  }
  double e=RE*ch/s, b=a*sqrt(1-e*e);
  double ax=u1x+u2x,ay=u1y+u2y,az=u1z+s2,ia=1/sqrt(ax*ax+ay*ay+az*az);
  double bx=u2x-u1x,by=u2y-u1y,bz=s2-u1z,ib=1/sqrt(bx*bx+by*by+bz*bz);
  o[0]=ax*ia;o[1]=ay*ia;o[2]=az*ia;o[3]=bx*ib;o[4]=by*ib;o[5]=bz*ib;
  o[6]=a;o[7]=b;o[8]=e;o[9]=T;o[10]=sqrt(MU/(a*a*a));
}
void k1_solve(long n,const double*la1,const double*lo1,const double*la2,const double*lo2,double*el){
  #pragma omp parallel for schedule(static)
  for(long i0=0;i0<n;i0+=64){
    double t[11][64]; int m=n-i0<64?n-i0:64;
    for(int k=0;k<m;k++){ // hand inlined for SoA
      double o[11]; long i=i0+k;
      solve1(la1[i],lo1[i],la2[i],lo2[i],o);
      t[0][k]=o[0];t[1][k]=o[1];t[2][k]=o[2];t[3][k]=o[3];t[4][k]=o[4];t[5][k]=o[5];t[6][k]=o[6];t[7][k]=o[7];t[8][k]=o[8];t[9][k]=o[9];t[10][k]=o[10];
    }
    for(int k=0;k<m;k++)for(int q=0;q<11;q++)el[(i0+k)*11+q]=t[q][k];
  }
}
static inline __attribute__((always_inline)) int evalgrid(const double*el,double dt,int nt,const double*ct,const double*st,double*X,double*Y,double*Z){
  double Ax=el[0],Ay=el[1],Az=el[2],Bx=el[3],By=el[4],Bz=el[5],a=el[6],b=el[7],e=el[8],T=el[9],n=el[10];
  int m=(int)(T/dt)+1; if(m>nt)m=nt; double i1e=1/(1+e);
  #pragma omp simd
  for(int j=0;j<m;j++){
    double mm=n*(j*dt-0.5*T), x=mm*i1e;
    double sx,cx;
    #pragma GCC unroll 5
    for(int k=0;k<NEWT;k++){fsincos(x,&sx,&cx); x-=(x+e*sx-mm)/(1+e*cx);} fsincos(x,&sx,&cx);
    double p=a*(cx+e), q=b*sx;
    double xi=Ax*p+Bx*q, yi=Ay*p+By*q;
    X[j]=ct[j]*xi+st[j]*yi; Y[j]=ct[j]*yi-st[j]*xi; Z[j]=Az*p+Bz*q;
  }
  return m;
}
// chunk buffer out[(i%cb)][3][nt]
void k1_eval(long n,const double*el,double dt,int nt,const double*ct,const double*st,long cb,double*out){
  #pragma omp parallel for schedule(dynamic,64)
  for(long i=0;i<n;i++){ double*o=out+(i%cb)*3*(long)nt; evalgrid(el+i*11,dt,nt,ct,st,o,o+nt,o+2*nt);}
}
// ---------------- K2
static inline __attribute__((always_inline)) double rho_of(double h,const double*tab,int nh){ // tab ln rho on 1 km grid
  double u=h*1e-3; u=u<0?0:(u>nh-1.001?nh-1.001:u); int i=(int)u; double f=u-i;
  return fexp(tab[i]+f*(tab[i+1]-tab[i]));
}
#define J2C (1.5*1.08262668e-3*6378137.0*6378137.0)
static inline __attribute__((always_inline)) void rhs(double x,double y,double z,double vx,double vy,double vz,double ib,const double*tab,int nh,double*ax,double*ay,double*az){
  double r2=x*x+y*y+z*z, ir2=1/r2, r=sqrt(r2), ir=1/r, g=-MU*ir2*ir, j=J2C*ir2, z2=5*z*z*ir2;
  double rho=rho_of(r-RE,tab,nh);
  double wx=vx+OM*y, wy=vy-OM*x, w=sqrt(wx*wx+wy*wy+vz*vz), d=-0.5*rho*w*ib;
  *ax=g*x*(1+j*(1-z2))+d*wx; *ay=g*y*(1+j*(1-z2))+d*wy; *az=g*z*(1+j*(3-z2))+d*vz;
}
static inline __attribute__((always_inline)) void rk4(double*s,double h,double ib,const double*tab,int nh){
  double x=s[0],y=s[1],z=s[2],u=s[3],v=s[4],w=s[5],a1,b1,c1,a2,b2,c2,a3,b3,c3,a4,b4,c4;
  rhs(x,y,z,u,v,w,ib,tab,nh,&a1,&b1,&c1); double H=0.5*h;
  double u2=u+H*a1,v2=v+H*b1,w2=w+H*c1;
  rhs(x+H*u,y+H*v,z+H*w,u2,v2,w2,ib,tab,nh,&a2,&b2,&c2);
  double u3=u+H*a2,v3=v+H*b2,w3=w+H*c2;
  rhs(x+H*u2,y+H*v2,z+H*w2,u3,v3,w3,ib,tab,nh,&a3,&b3,&c3);
  double u4=u+h*a3,v4=v+h*b3,w4=w+h*c3;
  rhs(x+h*u3,y+h*v3,z+h*w3,u4,v4,w4,ib,tab,nh,&a4,&b4,&c4);
  double k=h/6;
  s[0]=x+k*(u+2*u2+2*u3+u4);s[1]=y+k*(v+2*v2+2*v3+v4);s[2]=z+k*(w+2*w2+2*w3+w4);
  s[3]=u+k*(a1+2*a2+2*a3+a4);s[4]=v+k*(b1+2*b2+2*b3+b4);s[5]=w+k*(c1+2*c2+2*c3+c4);
}
void k2_scalar(long n,const double*s0,const double*ib,const double*tmax,double dt,const double*tab,int nh,double*out){
  #pragma omp parallel for schedule(dynamic,16)
  for(long i=0;i<n;i++){ double s[6];memcpy(s,s0+6*i,48); int m=(int)(tmax[i]/dt);
    for(int j=0;j<m;j++){ rk4(s,dt,ib[i],tab,nh); if(s[0]*s[0]+s[1]*s[1]+s[2]*s[2]<RE*RE)break; }
    memcpy(out+6*i,s,48);}
}
#define LN 16
void k2_simd(long n,const double*s0,const double*ib,const double*tmax,double dt,const double*tab,int nh,double*out){
  #pragma omp parallel for schedule(dynamic,1)
  for(long i0=0;i0<n;i0+=LN){ double s[6][LN],b[LN],act[LN]; int ml[LN],mx=0,L=n-i0<LN?n-i0:LN;
    for(int k=0;k<LN;k++){ long i=i0+(k<L?k:L-1); for(int q=0;q<6;q++)s[q][k]=s0[6*i+q]; b[k]=ib[i]; ml[k]=(int)(tmax[i]/dt); if(ml[k]>mx)mx=ml[k]; act[k]=1;}
    for(int j=0;j<mx;j++){ double any=0;
      #pragma omp simd reduction(+:any)
      for(int k=0;k<LN;k++){ double h=(act[k]>0&&j<ml[k])?dt:0.0; double q[6]={s[0][k],s[1][k],s[2][k],s[3][k],s[4][k],s[5][k]};
        rk4(q,h,b[k],tab,nh); s[0][k]=q[0];s[1][k]=q[1];s[2][k]=q[2];s[3][k]=q[3];s[4][k]=q[4];s[5][k]=q[5];
        act[k]=(q[0]*q[0]+q[1]*q[1]+q[2]*q[2]<RE*RE)?0.0:act[k]; any+=act[k]; }
      if(any==0)break; }
    for(int k=0;k<L;k++)for(int q=0;q<6;q++)out[6*(i0+k)+q]=s[q][k]; }
}
// ---------------- K3 coverage
// radar: pos(3) up(3) bore(3) rmax2 sinel coshalf  =12 ; site: unit(3)
// table tf[ia*nr+ir] time to reach chord bin, altitude bin ; res: te,tl,shots per (g,l,s)
typedef struct {int nr,na; double dr,da,hmin,hmax,delay,look;} TP;
static inline __attribute__((always_inline)) double flyout(const float*tf,int nr,int na,double idr,double ida,double c,double h){
  double u=c*idr,v=h*ida; double um=nr-1.0001,vm=na-1.0001; double pen=((u>um)|(v>vm)|(v<0))?1e9:0.0; u=u>um?um:u; v=v>vm?vm:v; v=v<0?0:v;
  int i=(int)u,j=(int)v; double fu=u-i,fv=v-j; int o=j*nr+i; double p0=tf[o],p1=tf[o+1],p2=tf[o+nr],p3=tf[o+nr+1];
  double A=p0+fu*(p1-p0), B=p2+fu*(p3-p2); return A+fv*(B-A)+pen;
}
void k3_cov(long npair,const double*el,double dt,int nt,const double*ct,const double*st,int K,const double*rad,int S,const double*site,const float*tf,int nr,int na,double dr,double da,double hmin,double hmax,double delay,double look,float*te,float*tl,int8_t*shots){
  double idr=1/dr,ida=1/da;
  #pragma omp parallel
  { double*buf=aligned_alloc(64,sizeof(double)*nt*6+64); double*X=buf,*Y=buf+nt,*Z=buf+2*nt,*R=buf+3*nt,*M=buf+4*nt,*F=buf+5*nt;
  #pragma omp for schedule(dynamic,64)
  for(long i=0;i<npair;i++){
    int m=evalgrid(el+i*11,dt,nt,ct,st,X,Y,Z);
    #pragma omp simd
    for(int j=0;j<m;j++) R[j]=sqrt(X[j]*X[j]+Y[j]*Y[j]+Z[j]*Z[j]);
    int jt=m;
    for(int k=0;k<K;k++){ const double*r=rad+12*k;
      for(int j0=0;j0<jt;j0+=32){ int j1=j0+32<jt?j0+32:jt; int first=1<<30;
        #pragma omp simd reduction(min:first)
        for(int j=j0;j<j1;j++){ double dx=X[j]-r[0],dy=Y[j]-r[1],dz=Z[j]-r[2]; double d2=dx*dx+dy*dy+dz*dz,d=sqrt(d2);
          double up=dx*r[3]+dy*r[4]+dz*r[5], bo=dx*r[6]+dy*r[7]+dz*r[8];
          int ok=(d2<r[9])&(up>d*r[10])&(bo>r[11]*sqrt(d2-up*up)); int c=ok?j:(1<<30); first=c<first?c:first; }
        if(first<jt){jt=first;break;} } }
    double ttrk=jt*dt+delay;
    for(int s=0;s<S;s++){ const double*u=site+3*s; long o=i*S+s;
      if(jt>=m){te[o]=-1;tl[o]=-1;shots[o]=0;continue;}
      // slack: F[j]=t-tfly = latest launch time for intercept at j (or -1)
      { __m512d U0=_mm512_set1_pd(u[0]),U1=_mm512_set1_pd(u[1]),U2=_mm512_set1_pd(u[2]),UM=_mm512_set1_pd(nr-1.0001),VM=_mm512_set1_pd(na-1.0001),Z0=_mm512_setzero_pd(),TWO=_mm512_set1_pd(2.),ID=_mm512_set1_pd(idr),IA=_mm512_set1_pd(ida),RR=_mm512_set1_pd(RE),BIG=_mm512_set1_pd(1e9),LO=_mm512_set1_pd(hmin),HI=_mm512_set1_pd(hmax),DTv=_mm512_set1_pd(dt);
        __m256i NRv=_mm256_set1_epi32(nr);
        for(int j=jt;j<m;j+=8){ __mmask8 k=(m-j>=8)?0xff:(__mmask8)((1<<(m-j))-1);
          __m512d x=_mm512_maskz_loadu_pd(k,X+j),y=_mm512_maskz_loadu_pd(k,Y+j),z=_mm512_maskz_loadu_pd(k,Z+j),r=_mm512_mask_loadu_pd(RR,k,R+j);
          __m512d q=_mm512_div_pd(_mm512_fmadd_pd(x,U0,_mm512_fmadd_pd(y,U1,_mm512_mul_pd(z,U2))),r);
          __m512d c=_mm512_sqrt_pd(_mm512_max_pd(Z0,_mm512_fnmadd_pd(TWO,q,TWO))),h=_mm512_sub_pd(r,RR),p=_mm512_mul_pd(c,ID),w=_mm512_mul_pd(h,IA);
          __mmask8 bad=_mm512_cmp_pd_mask(p,UM,_CMP_GT_OQ)|_mm512_cmp_pd_mask(w,VM,_CMP_GT_OQ)|_mm512_cmp_pd_mask(h,LO,_CMP_LT_OQ)|_mm512_cmp_pd_mask(h,HI,_CMP_GT_OQ)|_mm512_cmp_pd_mask(w,Z0,_CMP_LT_OQ);
          p=_mm512_min_pd(p,UM);w=_mm512_max_pd(_mm512_min_pd(w,VM),Z0);
          __m256i i=_mm512_cvttpd_epi32(p),l=_mm512_cvttpd_epi32(w); __m512d fu=_mm512_sub_pd(p,_mm512_cvtepi32_pd(i)),fv=_mm512_sub_pd(w,_mm512_cvtepi32_pd(l));
          __m256i o=_mm256_add_epi32(_mm256_mullo_epi32(l,NRv),i);
          __m512d p0=_mm512_cvtps_pd(_mm256_i32gather_ps(tf,o,4)),p1=_mm512_cvtps_pd(_mm256_i32gather_ps(tf+1,o,4)),p2=_mm512_cvtps_pd(_mm256_i32gather_ps(tf+nr,o,4)),p3=_mm512_cvtps_pd(_mm256_i32gather_ps(tf+nr+1,o,4));
          __m512d A=_mm512_fmadd_pd(fu,_mm512_sub_pd(p1,p0),p0),Bq=_mm512_fmadd_pd(fu,_mm512_sub_pd(p3,p2),p2),t=_mm512_fmadd_pd(fv,_mm512_sub_pd(Bq,A),A); t=_mm512_mask_add_pd(t,bad,t,BIG);
          __m512d jj=_mm512_add_pd(_mm512_set1_pd(j),_mm512_set_pd(7,6,5,4,3,2,1,0));
          _mm512_mask_storeu_pd(F+j,k,_mm512_fmsub_pd(jj,DTv,t)); } }
      double avail=ttrk; int cnt=0; double e=-1,l=-1;
      for(int j=jt;j<m;j++) if(F[j]>=avail){ if(cnt==0)e=j*dt; cnt++; avail=j*dt+look; }
      for(int j=m-1;j>=jt;j--) if(F[j]>=ttrk){ l=j*dt; break; }
      te[o]=e;tl[o]=l;shots[o]=cnt; }
  } free(buf); }
}
// ---------------- K4 raid (philox4x32-10)
typedef struct{uint32_t c[4],k[2];uint32_t o[4];int p;} PH;
static inline __attribute__((always_inline)) uint32_t phx(PH*s){ if(s->p==4){ uint32_t c0=s->c[0],c1=s->c[1],c2=s->c[2],c3=s->c[3],k0=s->k[0],k1=s->k[1];
  for(int i=0;i<10;i++){ uint64_t a=(uint64_t)0xD2511F53u*c0,b=(uint64_t)0xCD9E8D57u*c2; uint32_t n0=(uint32_t)(b>>32)^c1^k0,n2=(uint32_t)(a>>32)^c3^k1; c1=(uint32_t)b;c3=(uint32_t)a;c0=n0;c2=n2;k0+=0x9E3779B9u;k1+=0xBB67AE85u;}
  s->o[0]=c0;s->o[1]=c1;s->o[2]=c2;s->o[3]=c3;s->c[0]++;s->p=0;} return s->o[s->p++]; }
static inline __attribute__((always_inline)) double phu(PH*s){return phx(s)*(1.0/4294967296.0);}
// te,tl,tf [NT][NS]; t0 first-track mean ; returns leakers & shots per replication
void k4_raid(long nrep,uint32_t seed,int N,int S,const double*ttrk,const double*te,const double*tl,const double*tf,const int*inv0,double cyc,double look,double pk,double pdet,double jit,int8_t*leak,int8_t*used){
  #pragma omp parallel for schedule(static)
  for(long r=0;r<nrep;r++){ PH g={{0,0,(uint32_t)r,(uint32_t)(r>>32)},{seed,0x1234},{0},4};
    double nxt[64];int st[64],inv[16];double busy[16]; // st 0 decide 1 intercept 2 done-kill 3 leak
    for(int s=0;s<S;s++){inv[s]=inv0[s];busy[s]=0;}
    int lk=0,us=0;
    for(int i=0;i<N;i++){ if(phu(&g)<pdet){nxt[i]=ttrk[i]+jit*phu(&g);st[i]=0;}else{nxt[i]=1e18;st[i]=3;lk++;} }
    for(;;){ int i=-1;double t=1e17; for(int k=0;k<N;k++) if(nxt[k]<t){t=nxt[k];i=k;} if(i<0)break;
      if(st[i]==1){ if(phu(&g)<pk){st[i]=2;nxt[i]=1e18;} else {st[i]=0;nxt[i]=t+look;} continue; }
      int bs=-1;double bt=1e17; for(int s=0;s<S;s++){ if(inv[s]<=0||tl[i*S+s]<0)continue; double tL=t>busy[s]?t:busy[s]; double ti=tL+tf[i*S+s]; if(ti<te[i*S+s])ti=te[i*S+s]; if(ti<=tl[i*S+s]&&ti<bt){bt=ti;bs=s;} }
      if(bs<0){st[i]=3;nxt[i]=1e18;lk++;continue;}
      inv[bs]--;us++;busy[bs]=(t>busy[bs]?t:busy[bs])+cyc;st[i]=1;nxt[i]=bt; }
    leak[r]=lk;used[r]=us; }
}
// ---------------- K5 EKF ECEF, joint update done as scalar sequential at fixed linearisation
static inline __attribute__((always_inline)) void acc(const double*x,double*a){ double r2=x[0]*x[0]+x[1]*x[1]+x[2]*x[2],ir2=1/r2,g=-MU*ir2*sqrt(ir2),j=J2C*ir2,z2=5*x[2]*x[2]*ir2;
  a[0]=g*x[0]*(1+j*(1-z2))+2*OM*x[4]+OM*OM*x[0];a[1]=g*x[1]*(1+j*(1-z2))-2*OM*x[3]+OM*OM*x[1];a[2]=g*x[2]*(1+j*(3-z2)); }
void k5_ekf(long n,int nt,int K,const double*z,const double*radp,const double*radR,const double*x0,const double*p0,double q,double sr,double sa,double*xo,double*Po){
 #pragma omp parallel for schedule(dynamic,4)
 for(long i=0;i<n;i++){ double x[6],P[6][6]={{0}}; memcpy(x,x0+6*i,48); for(int a=0;a<6;a++)P[a][a]=p0[a];
  double Rv[3]={sr*sr,sa*sa,sa*sa}; double h=1.0;
  for(int t=0;t<nt;t++){
   double k1[3],k2[3],k3[3],k4[3],y[6],u2[3],u3[3],u4[3]; acc(x,k1);
   for(int a=0;a<3;a++){u2[a]=x[3+a]+.5*h*k1[a];y[a]=x[a]+.5*h*x[3+a];y[3+a]=u2[a];} acc(y,k2);
   for(int a=0;a<3;a++){u3[a]=x[3+a]+.5*h*k2[a];y[a]=x[a]+.5*h*u2[a];y[3+a]=u3[a];} acc(y,k3);
   for(int a=0;a<3;a++){u4[a]=x[3+a]+h*k3[a];y[a]=x[a]+h*u3[a];y[3+a]=u4[a];} acc(y,k4);
   double A[6][6]={{0}},F[6][6]; double r2=x[0]*x[0]+x[1]*x[1]+x[2]*x[2],ir2=1/r2,g=-MU*ir2*sqrt(ir2);
   for(int a=0;a<3;a++){A[a][3+a]=1;for(int b=0;b<3;b++)A[3+a][b]=g*((a==b)-3*x[a]*x[b]*ir2);}
   A[3][4]=2*OM;A[4][3]=-2*OM;A[3][0]+=OM*OM;A[4][1]+=OM*OM;
   for(int a=0;a<6;a++)for(int b=0;b<6;b++){double s=0;for(int c=0;c<6;c++)s+=A[a][c]*A[c][b];F[a][b]=(a==b)+h*A[a][b]+.5*h*h*s;}
   for(int a=0;a<3;a++){double nx=x[a]+h/6*(x[3+a]+2*u2[a]+2*u3[a]+u4[a]); x[3+a]+=h/6*(k1[a]+2*k2[a]+2*k3[a]+k4[a]); x[a]=nx;}
   double M[6][6];
   for(int a=0;a<6;a++)for(int b=0;b<6;b++){double s=0;for(int c=0;c<6;c++)s+=F[a][c]*P[c][b];M[a][b]=s;}
   for(int a=0;a<6;a++)for(int b=0;b<6;b++){double s=0;for(int c=0;c<6;c++)s+=M[a][c]*F[b][c];P[a][b]=s;}
   for(int a=0;a<3;a++){P[a][a]+=q*h*h*h/3;P[a][3+a]+=q*h*h/2;P[3+a][a]+=q*h*h/2;P[3+a][3+a]+=q*h;}
   for(int k=0;k<K;k++){ const double*R=radR+9*k,*p=radp+3*k; double d[3]={x[0]-p[0],x[1]-p[1],x[2]-p[2]},en[3];
    for(int a=0;a<3;a++)en[a]=R[3*a]*d[0]+R[3*a+1]*d[1]+R[3*a+2]*d[2];
    double rh2=en[0]*en[0]+en[1]*en[1],rh=sqrt(rh2),rr=sqrt(rh2+en[2]*en[2]);
    double hx[3]={rr,atan2(en[0],en[1]),atan2(en[2],rh)};
    double He[3][3]={{en[0]/rr,en[1]/rr,en[2]/rr},{en[1]/rh2,-en[0]/rh2,0},{-en[0]*en[2]/(rh*rr*rr),-en[1]*en[2]/(rh*rr*rr),rh/(rr*rr)}},H[3][3];
    for(int a=0;a<3;a++)for(int b=0;b<3;b++)H[a][b]=He[a][0]*R[b]+He[a][1]*R[3+b]+He[a][2]*R[6+b];
    const double*zz=z+((i*nt+t)*K+k)*3; double dx[6]={0};
    for(int m=0;m<3;m++){ double y=zz[m]-hx[m]; if(m==1){ if(y>M_PI)y-=2*M_PI; if(y<-M_PI)y+=2*M_PI; }
      for(int b=0;b<3;b++)y-=H[m][b]*dx[b];
      double PH[6],S=Rv[m]; for(int a=0;a<6;a++)PH[a]=P[a][0]*H[m][0]+P[a][1]*H[m][1]+P[a][2]*H[m][2];
      for(int b=0;b<3;b++)S+=H[m][b]*PH[b]; double iS=1/S;
      for(int a=0;a<6;a++){double Kg=PH[a]*iS;dx[a]+=Kg*y;for(int b=0;b<6;b++)P[a][b]-=Kg*PH[b];} }
    for(int a=0;a<6;a++)x[a]+=dx[a]; } }
  memcpy(xo+6*i,x,48);memcpy(Po+36*i,P,288); }
}
