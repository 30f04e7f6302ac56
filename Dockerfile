FROM python:3.11-slim AS build
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /source

FROM python:3.11-slim
COPY requirements.txt /requirements.txt
RUN pip install --no-cache-dir --require-hashes --requirement /requirements.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl \
    && useradd --create-home --home-dir /var/lib/shuangta shuangta
USER shuangta
WORKDIR /var/lib/shuangta
# The container's address is its own: who may reach it is decided where its port is published.
ENV SHUANGTA_STATE_DIR=/var/lib/shuangta SHUANGTA_LISTEN_ADDRESS=0.0.0.0
VOLUME /var/lib/shuangta
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["sh", "-c", "shuangta migrate --noinput && shuangta collectstatic --noinput && exec shuangta serve"]
