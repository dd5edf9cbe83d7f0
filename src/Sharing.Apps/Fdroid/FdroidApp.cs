namespace Sharing.Apps;

/// <summary>What a repository says of an app.</summary>
/// <param name="App">Which.</param>
/// <param name="Name">Its name: English if there is one; <c>null</c>: none is said.</param>
/// <param name="PreferredSigner">The signer whose versions a device without the app should be offered, SHA-256 of the certificate in lower-case hex; <c>null</c>: none is said.</param>
/// <param name="Packages">Its versions, the highest version code first.</param>
public sealed record FdroidApp(AppId App, string? Name, string? PreferredSigner, IReadOnlyList<FdroidPackage> Packages);
