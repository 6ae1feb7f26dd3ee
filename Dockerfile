# Packages and compiler of the static build come from one release of Alpine: its archives hold LTO
# objects that another compiler could not read.
ARG ALPINE=alpine:3.23

FROM ${ALPINE} AS tools
RUN apk add --no-cache build-base cmake pkgconf
COPY scripts/fetch /usr/local/bin/

# Alpine has no cmark-gfm. Some releases include a header that they do not install.
FROM tools AS cmark-gfm
ARG CMARK_GFM=0.29.0.gfm.13
ARG CMARK_GFM_SHA256=5abc61798ebd9de5660bc076443c07abad2b8d15dbc11094a3a79644b8ad243a
RUN fetch "${CMARK_GFM_SHA256}" \
        "https://github.com/github/cmark-gfm/archive/refs/tags/${CMARK_GFM}.tar.gz" \
        >source.tar.gz \
    && mkdir /source && tar -xzf source.tar.gz --strip-components=1 -C /source \
    && cmake -S /source -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DCMARK_TESTS=OFF -DCMARK_SHARED=OFF -DCMARK_STATIC=ON \
    && cmake --build /build -j "$(nproc)" \
    && DESTDIR=/result cmake --install /build \
    && find /build/src -name config.h -exec cp {} /result/usr/include/ \;

# Alpine's 0.18 has faults with bytes above 0x7f that nobody fixed.
FROM tools AS json-c
ARG JSON_C=0.19
ARG JSON_C_SHA256=37ad0249902e301bd9052bf712e511fcc6acff4ecaad4b5900aad9ce564e26de
RUN fetch "${JSON_C_SHA256}" \
        "https://s3.amazonaws.com/json-c_releases/releases/json-c-${JSON_C}.tar.gz" \
        >source.tar.gz \
    && mkdir /source && tar -xzf source.tar.gz --strip-components=1 -C /source \
    && cmake -S /source -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON \
        -DBUILD_TESTING=OFF -DBUILD_APPS=OFF -DDISABLE_EXTRA_LIBS=ON -DDISABLE_WERROR=ON \
    && cmake --build /build -j "$(nproc)" \
    && DESTDIR=/result cmake --install /build

# It faces the Internet: not the old one that Alpine has, and without TLS, which is not needed here.
FROM tools AS libmicrohttpd
ARG LIBMICROHTTPD=1.0.10
ARG LIBMICROHTTPD_SHA256=04bfe8ef75db7d629a33de767599765cecadc56274a39822d5d081030d577685
RUN fetch "${LIBMICROHTTPD_SHA256}" \
        "https://ftpmirror.gnu.org/gnu/libmicrohttpd/libmicrohttpd-${LIBMICROHTTPD}.tar.gz" \
        "https://ftp.gnu.org/gnu/libmicrohttpd/libmicrohttpd-${LIBMICROHTTPD}.tar.gz" \
        >source.tar.gz \
    && mkdir /source && tar -xzf source.tar.gz --strip-components=1 -C /source \
    && cd /source \
    && CFLAGS='-O2 -fPIC -std=gnu17' ./configure --prefix=/usr --libdir=/usr/lib \
        --disable-shared --disable-https --disable-doc --disable-examples --disable-curl \
    && make -j "$(nproc)" install DESTDIR=/result

FROM tools AS packages
# Which library curl speaks HTTP/3 by depends on the release of Alpine.
RUN apk add --no-cache \
        curl-dev curl-static openssl-dev openssl-libs-static sqlite-dev sqlite-static \
        zlib-static brotli-static zstd-static nghttp2-static nghttp3-static c-ares-dev \
        libidn2-static libunistring-static libpsl-static \
    && case "$(pkg-config --static --libs libcurl)" in \
        *ngtcp2*) apk add --no-cache ngtcp2-static ;; \
    esac \
    && apk list --installed 2>/dev/null | cut -d' ' -f1 \
        | grep -E -- '-static-|^(musl|c-ares)-dev-' | sort >/libraries

# What the programs are linked with, for the weekly look for newer ones.
FROM scratch AS libraries
COPY --from=packages /libraries /

FROM packages AS build
COPY --from=cmark-gfm /result/ /
COPY --from=json-c /result/ /
COPY --from=libmicrohttpd /result/ /
COPY . /source
# A compiler newer than those of the tests may know new warnings: no reason to build nothing.
RUN make -C /source -j "$(nproc)" static WERROR= \
    && strip /source/build/static/notion-sync*

# The base has the certificates (ca-certificates-bundle): nothing is fetched here.
FROM ${ALPINE}
LABEL org.opencontainers.image.title=notion-sync-action \
      org.opencontainers.image.description="Keeps a Notion database and a repository's issues and pull requests in sync" \
      org.opencontainers.image.licenses=MIT
COPY --from=build /source/build/static/notion-sync* /usr/local/bin/
COPY --from=packages /libraries /usr/share/notion-sync/libraries
COPY entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
