namespace Sharing.Messaging;

/// <summary>What is kept of a handler, by the server that offers it and by the terminal that has it.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Signer">Who signed it.</param>
/// <param name="Package">Its package.</param>
sealed record StoredHandler(HandlerManifest Manifest, string Signer, ContentInfo Package)
{
    public HandlerOffer Offer => new()
    {
        Id = Manifest.Id, Version = Manifest.Version, Title = Manifest.Title, Kinds = Manifest.Kinds, Platform = Manifest.Platform, Package = Package.Id, Length = Package.Length, Signer = Signer,
    };
}
