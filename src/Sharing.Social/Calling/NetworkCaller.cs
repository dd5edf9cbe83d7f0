using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Sends requests to networks, once each, through the guarded client, and says what their answers mean for a post. Thread-safe singleton.</summary>
sealed partial class NetworkCaller(IHttpClientFactory clients, TimeProvider time)
{
    const int LargestAnswer = 4 << 20;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30), s_longestWait = TimeSpan.FromDays(1), s_untoldWait = TimeSpan.FromMinutes(5);

    readonly ServerGate _gate = new(time);

    public TimeProvider Time => time;

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request; it is disposed of.</param>
    /// <param name="budget">What its sender may do, and the account that it counts for; <c>null</c>: nothing is counted.</param>
    /// <param name="points">What it costs there.</param>
    /// <param name="cancellationToken">Gives up: then nobody knows.</param>
    public async Task<NetworkAnswer> SendAsync(HttpRequestMessage request, (RateBudget Budget, string Account)? budget, int points, CancellationToken cancellationToken)
    {
        using var sending = request;
        var server = request.RequestUri!;
        if (await _gate.EnterAsync(server, cancellationToken) is { } closed)
        {
            return new(PublishOutcome.Hold(closed, $"{server.Host} does not answer."));
        }

        bool? answered = null;
        try
        {
            if (budget?.Budget.Take(budget.Value.Account, points) is { } later)
            {
                return new(PublishOutcome.Hold(later, $"{server.Host} takes no more of this account for now."));
            }

            request.Options.Set(GuardedClient.Repeatable, false);
            using var patience = new CancellationTokenSource(s_patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            var client = clients.CreateClient(GuardedClient.Name);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            answered = true;
            if (budget is { } counted && WaitReader.UsedUpUntil(response, time.GetUtcNow(), s_longestWait) is { } full)
            {
                counted.Budget.Close(counted.Account, full);
            }

            return new(response.StatusCode, body, Trouble(response, body, budget)) { Next = Next(response) };
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            answered = false;
            return new(Trouble(server, FetchFaults.Of(fault)));
        }
        finally
        {
            _gate.Leave(server, answered);
        }
    }

    static string? Next(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match
        && Uri.TryCreate(response.RequestMessage!.RequestUri, match.Groups["address"].Value, out var next) ? next.PathAndQuery : null;

    [GeneratedRegex("""<(?<address>[^>]*)>[^<]*;\s*rel="?next\b""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextLink();

    static PublishOutcome Trouble(Uri server, FetchFault fault) => fault switch
    {
        FetchFault.NotReached => PublishOutcome.Wait(null, $"{server.Host} could not be reached."),
        FetchFault.Untrusted => PublishOutcome.Wait(null, $"{server.Host} has no certificate that can be trusted."),
        FetchFault.TimedOut => PublishOutcome.Lost($"{server.Host} did not answer in time."),
        _ => PublishOutcome.Lost($"{server.Host} broke off before it had answered."),
    };

    /// <summary>What an answer of the kind that every network gives means; <c>null</c> where the network's own rules say it.</summary>
    PublishOutcome? Trouble(HttpResponseMessage response, byte[] body, (RateBudget Budget, string Account)? budget)
    {
        var (status, now) = ((int)response.StatusCode, time.GetUtcNow());
        var wait = WaitReader.Read(response, now, s_longestWait);
        var said = string.Create(CultureInfo.InvariantCulture, $"{response.RequestMessage?.RequestUri?.Host} answered {status}{NetworkAnswer.Said(body)}");
        if (status == 429 || (status == 406 && wait is not null))
        {
            var until = now + (wait ?? s_untoldWait);
            budget?.Budget.Close(budget.Value.Account, until);
            return PublishOutcome.Hold(until, said);
        }

        return status switch
        {
            401 => PublishOutcome.NeedsLogin(said),
            503 when wait is not null => PublishOutcome.Wait(wait.Value, said),
            408 or 425 or >= 500 => PublishOutcome.Lost(said, wait), // it may have been done all the same
            _ => null,
        };
    }
}
