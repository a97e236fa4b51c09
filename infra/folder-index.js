// A CloudFront function (runtime 2.0), for static files: a folder shows its index.html, and an
// address that lacks its last slash is led to the one that has it, query included.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const last = request.uri.split('/').pop();
  if (last === '') {
    request.uri += 'index.html';
    return request;
  }
  if (last.includes('.')) return request;
  const query = Object.keys(request.querystring).flatMap((name) => {
    const field = request.querystring[name];
    const values = field.multiValue || [field];
    return values.map((each) => (each.value === '' ? name : `${name}=${each.value}`));
  });
  // Two slashes in front, of either kind, would name another host.
  const path = request.uri.replace(/^[/\\]+/, '/');
  return {
    statusCode: 308,
    statusDescription: 'Permanent Redirect',
    headers: {
      location: { value: `${path}/${query.length > 0 ? `?${query.join('&')}` : ''}` },
      'cache-control': { value: 'max-age=0' },
    },
  };
}
