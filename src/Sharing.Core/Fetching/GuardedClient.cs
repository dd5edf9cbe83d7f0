namespace Sharing.Core;

/// <summary>The one HTTP client through which Sharing reaches outward, in three kinds that share no connection.</summary>
/// <remarks>
/// Take it by <c>IHttpClientFactory.CreateClient(GuardedClient.Name)</c> for addresses that people bring, and by
/// <see cref="Services"/> for servers that the operator named, which nobody else can make it call. It is asynchronous only, has no cookie jar, knows no proxy and never
/// decodes a body. Every failure, also one that comes while the body is being read, is a <see cref="SharingException"/> with
/// <see cref="ProblemCodes.FetchFailed"/>; statuses are not failures and are handed over as they came. Policies of your own plug in by
/// <c>services.AddHttpClient(GuardedClient.Name).AddHttpMessageHandler(…)</c>: after <c>AddSharing</c> they see every single hop and attempt,
/// before it they see a fetch as a whole.
/// </remarks>
public static class GuardedClient
{
    /// <summary>The client for addresses that people bring: held to <see cref="FetchOptions.Configured"/> and the rules for strangers.</summary>
    public const string Name = "Sharing";

    /// <summary>The client for servers that the operator named: <see cref="FetchOptions.Services"/> may be private for it as well.</summary>
    public const string Services = "Sharing.Services";

    /// <summary>Says of a request whether it may be sent again by itself, where it is not as its method has it (GET and HEAD may, others not): <c>true</c> for what asks
    /// something or has an idempotency key, with a content that can be read again; <c>false</c> for a read whose caller rather hears of the first failure.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("Sharing.Repeatable");

    /// <summary>The client for other terminals, which <see cref="PeerAddresses"/> knows: it goes nowhere else, and tries everything once.</summary>
    public const string Peers = "Sharing.Peers";
}
