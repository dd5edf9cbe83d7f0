using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Sends notifications as mail, through the operator's own SMTP server. Thread-safe singleton.</summary>
/// <remarks>Text and HTML side by side (RFC 2046, 5.1.4), pictures beside the HTML (RFC 2387). Each attempt has the same Message-ID, so that a mail that was taken although its
/// answer was lost is known as the same by those who look. No line end gets into a header.</remarks>
public sealed class MailNotifier(IOptions<MailOptions> options, TimeProvider time, ILogger<MailNotifier> logger) : INotifier
{
    /// <inheritdoc/>
    public async Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default)
    {
        if (notification.Address is not { Length: > 0 } address || !MailAddress.TryCreate(address, out var to))
        {
            return NotifyOutcome.Refused;
        }

        using var message = MessageOf(notification, to);
        using var client = new SmtpClient(options.Value.Host, options.Value.Port) { EnableSsl = options.Value.UseTls };
        if (options.Value.User is { } user)
        {
            client.Credentials = new NetworkCredential(user, options.Value.Password);
        }

        using var patience = new CancellationTokenSource(options.Value.Timeout, time); // the client's own is for calls that wait alone
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await client.SendMailAsync(message, stop.Token);
            return NotifyOutcome.Sent;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            NotifyingLog.MailFailed(logger, notification.Key, isFinal: false, e);
            return NotifyOutcome.Wait;
        }
        catch (SmtpException e)
        {
            var isFinal = IsFinal(e.StatusCode);
            NotifyingLog.MailFailed(logger, notification.Key, isFinal, e);
            return isFinal ? NotifyOutcome.Refused : NotifyOutcome.Wait;
        }
    }

    /// <summary>Replies of the class 5 (RFC 5321, 4.2.1) are for good, but for those about who we are: the operator can mend that.</summary>
    static bool IsFinal(SmtpStatusCode code) => (int)code is >= 500 and < 600 && code is not (SmtpStatusCode.MustIssueStartTlsFirst or SmtpStatusCode.ClientNotPermitted or SmtpStatusCode.CommandUnrecognized or SmtpStatusCode.SyntaxError
        or SmtpStatusCode.CommandNotImplemented or SmtpStatusCode.BadCommandSequence);

    MailMessage MessageOf(Notification notification, MailAddress to)
    {
        var from = new MailAddress(options.Value.From, ShownText.OneLine(options.Value.FromName));
        var message = new MailMessage(from, to) { Subject = ShownText.OneLine(notification.Title), SubjectEncoding = Encoding.UTF8, HeadersEncoding = Encoding.UTF8 };
        message.Headers.Add("Message-ID", $"<{notification.Key}@{from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no answer by a machine
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(notification.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        if (notification.Html is { } html)
        {
            var view = AlternateView.CreateAlternateViewFromString($"<!doctype html><html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>", Encoding.UTF8, MediaTypeNames.Text.Html);
            foreach (var picture in notification.Pictures)
            {
                var linked = new LinkedResource(new MemoryStream(picture.Jpeg.ToArray()), MediaTypeNames.Image.Jpeg) { ContentId = picture.Id, TransferEncoding = TransferEncoding.Base64 };
                linked.ContentType.Name = $"{picture.Id}.jpg";
                view.LinkedResources.Add(linked);
            }

            message.AlternateViews.Add(view);
        }

        return message;
    }
}
