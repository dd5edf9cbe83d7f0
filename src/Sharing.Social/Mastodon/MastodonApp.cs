namespace Sharing.Social;

/// <summary>The host as a server knows it.</summary>
/// <param name="Server">The server, with a slash at its end.</param>
/// <param name="ClientId">Its name for the host.</param>
/// <param name="ClientSecret">Its secret with the host: keep it as one.</param>
/// <param name="Redirect">Where people come back to.</param>
public sealed record MastodonApp(Uri Server, string ClientId, string ClientSecret, Uri Redirect)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ClientId} at {Server}";
}
