namespace Sharing.Core;

/// <summary>Keeps strangers' connections apart from those of configured authorities.</summary>
/// <remarks>A stranger is an authority that is not configured, and also a configured one that a stranger's redirect led to: not even that may then be private,
/// whatever its name said a moment ago.</remarks>
sealed class SeparatingHandler(AddressPolicy policy, HttpMessageHandler configured, HttpMessageHandler strangers) : HttpMessageHandler
{
    /// <summary>Set on a request whose address a stranger chose.</summary>
    internal static readonly HttpRequestOptionsKey<bool> AsStranger = new("Sharing.AsStranger");

    readonly HttpMessageInvoker _configured = new(configured), _strangers = new(strangers);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var strange = request.Options.TryGetValue(AsStranger, out var led) && led;
        return (strange || !policy.IsConfigured(request.RequestUri!) ? _strangers : _configured).SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _configured.Dispose();
            _strangers.Dispose();
        }

        base.Dispose(disposing);
    }
}
