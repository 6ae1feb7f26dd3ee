# Packages and compiler of the static build come from one release of Alpine: its archives hold LTO
# objects that another compiler could not read.
ARG ALPINE=3.23

FROM alpine:${ALPINE} AS tools
RUN apk add --no-cache build-base cmake pkgconf

# Alpine has no cmark-gfm. Some releases include a header that they do not install.
FROM tools AS cmark-gfm
ARG CMARK_GFM=0.29.0.gfm.13
ARG CMARK_GFM_SHA256=5abc61798ebd9de5660bc076443c07abad2b8d15dbc11094a3a79644b8ad243a
RUN wget -q -O source.tar.gz \
        "https://github.com/github/cmark-gfm/archive/refs/tags/${CMARK_GFM}.tar.gz" \
    && echo "${CMARK_GFM_SHA256}  source.tar.gz" | sha256sum -c - \
    && mkdir /source && tar -xzf source.tar.gz --strip-components=1 -C /source \
    && cmake -S /source -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DCMARK_TESTS=OFF -DCMARK_SHARED=OFF -DCMARK_STATIC=ON \
    && cmake --build /build -j "$(nproc)" \
    && DESTDIR=/result cmake --install /build \
    && find /build/src -name config.h -exec cp {} /result/usr/include/ \;

# Alpine's own leans on a GnuTLS that it has no static library of; TLS is not needed here.
FROM tools AS libmicrohttpd
ARG LIBMICROHTTPD=0.9.77
ARG LIBMICROHTTPD_SHA256=9e7023a151120060d2806a6ea4c13ca9933ece4eacfc5c9464d20edddb76b0a0
RUN for host in https://ftp.gnu.org/gnu https://ftpmirror.gnu.org; do \
        wget -q -O source.tar.gz \
            "$host/libmicrohttpd/libmicrohttpd-${LIBMICROHTTPD}.tar.gz" && break; \
    done \
    && echo "${LIBMICROHTTPD_SHA256}  source.tar.gz" | sha256sum -c - \
    && mkdir /source && tar -xzf source.tar.gz --strip-components=1 -C /source \
    && cd /source \
    && CFLAGS='-O2 -fPIC -std=gnu17' ./configure --prefix=/usr --libdir=/usr/lib \
        --disable-shared --disable-https --disable-doc --disable-examples --disable-curl \
    && make -j "$(nproc)" install DESTDIR=/result

FROM tools AS build
# Which library curl speaks HTTP/3 by depends on the release of Alpine.
RUN apk add --no-cache \
        curl-dev curl-static json-c-dev openssl-dev openssl-libs-static sqlite-dev sqlite-static \
        zlib-static brotli-static zstd-static nghttp2-static nghttp3-static c-ares-dev \
        libidn2-static libunistring-static libpsl-static \
    && case "$(pkg-config --static --libs libcurl)" in \
        *ngtcp2*) apk add --no-cache ngtcp2-static ;; \
    esac
COPY --from=cmark-gfm /result/ /
COPY --from=libmicrohttpd /result/ /
COPY . /source
# A compiler newer than those of the tests may know new warnings: no reason to build nothing.
RUN make -C /source -j "$(nproc)" static WERROR= \
    && strip /source/build/static/notion-sync*

FROM alpine:${ALPINE}
RUN apk add --no-cache ca-certificates
COPY --from=build /source/build/static/notion-sync* /usr/local/bin/
COPY entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
