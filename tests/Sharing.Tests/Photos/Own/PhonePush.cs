using System.Net;
using System.Net.Http.Json;
using Sharing.Core;

namespace Sharing.Tests.Photos.Own;

/// <summary>Tells people on their phones, by a push service.</summary>
public sealed class PhonePush(IHttpClientFactory clients, PushService service) : INotifier
{
    public async Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default)
    {
        if (notification.Person is not { } person)
        {
            return NotifyOutcome.Refused; // a mail address has no phone
        }

        using var client = clients.CreateClient(GuardedClient.Services);
        using var answer = await client.PostAsJsonAsync(service.Address, new { to = person.Value, once = notification.Key, title = notification.Title }, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Accepted => NotifyOutcome.Sent,
            HttpStatusCode.NotFound => NotifyOutcome.Refused, // he has no phone here
            _ => NotifyOutcome.Wait,
        };
    }
}

/// <summary>Where the push service is.</summary>
public sealed record PushService(Uri Address);
