namespace Sharing.Social;

/// <summary>An address that a network gave, where people may be sent to it.</summary>
static class WebAddress
{
    /// <summary>The address, or <c>null</c> where it is none of the web.</summary>
    public static Uri? Of(string? text) =>
        text is { Length: <= Resource.MaxAddressLength } && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
