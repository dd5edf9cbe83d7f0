namespace Sharing.Testing;

/// <summary>A tus server to be tested.</summary>
/// <param name="Http">Sends as somebody who may upload. Follows no redirects. The suite does not dispose it.</param>
/// <param name="Endpoint">Where uploads are begun.</param>
/// <param name="BytesOf">The bytes of a complete upload, by its address; <c>null</c>: tus cannot ask for them, and nobody else here can.</param>
public sealed record TusUnderTest(HttpClient Http, Uri Endpoint, Func<Uri, Task<byte[]>>? BytesOf = null);
