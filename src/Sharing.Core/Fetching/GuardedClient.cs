namespace Sharing.Core;

/// <summary>The one HTTP client through which Sharing reaches outward.</summary>
/// <remarks>
/// Take it by <c>IHttpClientFactory.CreateClient(GuardedClient.Name)</c>. It is asynchronous only, has no cookie jar, knows no proxy and never
/// decodes a body. Every failure, also one that comes while the body is being read, is a <see cref="SharingException"/> with
/// <see cref="ProblemCodes.FetchFailed"/>; statuses are not failures and are handed over as they came. Policies of your own plug in by
/// <c>services.AddHttpClient(GuardedClient.Name).AddHttpMessageHandler(…)</c>: after <c>AddSharing</c> they see every single hop and attempt,
/// before it they see a fetch as a whole.
/// </remarks>
public static class GuardedClient
{
    /// <summary>The name of the client.</summary>
    public const string Name = "Sharing";
}
