/** What a page of somebody else tries at our server, by a script of its own, while its reader is signed in with us. */
export function hostilePage(server: string, change: string): string {
  return `<!doctype html><title>A prize</title><script>
  const server = ${JSON.stringify(server)};
  const veto = JSON.stringify({ change: ${JSON.stringify(change)}, reason: 'forged', stopsRollback: false });
  const sent = { method: 'POST', credentials: 'include', body: veto };
  const json = { 'content-type': 'application/json', 'interlock-csrf': '1' };
  const tries = {
    reads: () => fetch(server + '/api/v1/me', { credentials: 'include' }).then((answer) => answer.text()),
    'reads blindly': () => fetch(server + '/api/v1/me', { mode: 'no-cors', credentials: 'include' }),
    'sends with our header': () => fetch(server + '/api/v1/vetoes', { ...sent, headers: json }),
    'sends as text': () => fetch(server + '/api/v1/vetoes', { ...sent, mode: 'no-cors' }),
    'runs an answer': () => loaded('script', { src: server + '/api/v1/me' }),
    'draws an answer': () => loaded('img', { src: server + '/signal.svg' }),
    listens: () => new Promise((yes, no) => {
      const stream = new EventSource(server + '/api/v1/stream', { withCredentials: true });
      stream.onopen = yes;
      stream.onerror = () => { stream.close(); no(); };
    }),
    'works in our name': () => navigator.serviceWorker.register(server + '/scheme.js'),
  };
  const loaded = (tag, more) => new Promise((yes, no) => {
    document.body.append(Object.assign(document.createElement(tag), more, { onload: yes, onerror: no }));
  });
  const post = (enctype, name, value, target) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: server + '/api/v1/vetoes', enctype, target });
    form.append(Object.assign(document.createElement('input'), { name, value }));
    document.body.append(form);
    form.submit();
  };
  globalThis.attack = async () => {
    const done = [];
    for (const [name, attempt] of Object.entries(tries))
      await attempt().then(() => done.push(name), () => undefined);
    navigator.sendBeacon(server + '/api/v1/vetoes', veto);
    for (const [index, enctype] of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].entries()) {
      document.body.append(Object.assign(document.createElement('iframe'), { name: 'hidden' + index }));
      post(enctype, veto.slice(0, -1) + ',"x":"', '"}', 'hidden' + index);
    }
    return done;
  };
</script><body></body>`;
}
