namespace Sharing.Tests.Child.Ssrf;

/// <summary>A place at which the product fetches an address that somebody brought.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PublicHost">From which host redirects come.</param>
/// <param name="AskAsync">Has an address fetched; what the person who brought it is told, as a text. <see cref="Unreadable"/>: that it is no address.</param>
sealed record EntryPoint(string Name, string PublicHost, Func<string, Task<string>> AskAsync)
{
    public const string Unreadable = "unreadable";
}
