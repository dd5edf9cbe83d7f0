using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>Turns whatever went wrong into the one fault that callers see, and tells the owner's log the reason. Thread-safe.</summary>
sealed class FetchFailures(AddressPolicy policy, ILogger<FetchFailures> logger)
{
    /// <summary>What is said of a stranger's address, whatever the reason: the reason would describe the network from within.</summary>
    internal const string Message = "The address could not be fetched.";

    /// <summary>Logs a failure and makes its fault.</summary>
    /// <param name="request">The first request of the fetch.</param>
    /// <param name="address">The address as it was first asked for.</param>
    /// <param name="cause">What went wrong.</param>
    public SharingException Of(HttpRequestMessage request, Uri? address, Exception cause)
    {
        // A fault of the application's own handlers is its own affair.
        if (cause is SharingException fault)
        {
            return fault;
        }

        var refusal = FetchRefusedException.Within(cause);
        var reason = Reason(cause).Message;
        var shown = address is null ? "?" : Show(address);
        if (refusal is null)
        {
            FetchingLog.Failed(logger, shown, reason);
        }
        else
        {
            FetchingLog.Refused(logger, shown, reason);
        }

        var trusted = address is not null && policy.IsConfigured(address) && !request.Options.TryGetValue(RedirectingHandler.LedAway, out _);
        return new SharingException(ProblemCodes.FetchFailed, trusted ? $"{Message} {reason}" : Message, cause);
    }

    /// <summary>The exception of a chain that says most: a refusal or a time-out of ours, else the innermost.</summary>
    internal static Exception Reason(Exception cause)
    {
        while (cause is not FetchRefusedException and not TimeoutException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause;
    }

    /// <summary>Whether trying again changes nothing: it is refused, or there is no host of that name (the name server says so; one that does not answer may
    /// tomorrow).</summary>
    internal static bool IsFinal(Exception? cause) => FetchRefusedException.Within(cause) is not null
        || (cause is not null && Reason(cause) is SocketException { SocketErrorCode: SocketError.HostNotFound });

    /// <summary>An address for the log: without user, password and query, which may be secrets.</summary>
    internal static string Show(Uri address) =>
        address.IsAbsoluteUri ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "?";
}
