using System.Globalization;
using System.Net;
using System.Text;

namespace Sharing.Photos;

/// <summary>What a friend is told of photos that are shown to him (row F10): who, how many, until when, and small pictures that lead to the entry page.</summary>
static class GrantMail
{
    /// <summary>How many photos have a picture of their own.</summary>
    public const int MostPictures = 6;

    /// <summary>How many of the others are on the sheet.</summary>
    public const int MostOnSheet = 50;

    const string Font = "font-family:system-ui,'Segoe UI',Roboto,Arial,sans-serif;color:#191c22";

    /// <summary>The mail about a grant.</summary>
    /// <param name="id">The grant.</param>
    /// <param name="from">The name of who shows them.</param>
    /// <param name="view">What is shown.</param>
    /// <param name="pictures">Pictures of the first photos.</param>
    /// <param name="sheet">The others on one picture.</param>
    /// <param name="entry">The entry page.</param>
    /// <param name="to">Whom to tell.</param>
    public static Notification Of(GrantId id, string from, GrantView view, IReadOnlyList<(GrantedPhoto Photo, NotificationPicture Picture)> pictures, NotificationPicture? sheet, Uri entry, (PersonId? Person, string? Address) to)
    {
        var count = view.Photos.Count == 1 ? "a photo" : string.Create(CultureInfo.InvariantCulture, $"{view.Photos.Count} photos");
        var title = view.Folder is { } folder ? $"{from} shows you {count}: {folder}" : $"{from} shows you {count}";
        var until = view.Expires is { } end ? string.Create(CultureInfo.InvariantCulture, $"You can see and download them until {end.UtcDateTime:d MMMM yyyy, HH:mm} UTC.") : "You can see and download them.";
        const string Only = "The link opens for you alone: it is of no use to anybody whom you pass it on to.";
        var text = new StringBuilder().AppendLine(title).AppendLine().AppendLine(until).AppendLine().AppendLine(entry.AbsoluteUri).AppendLine().AppendLine(Only).AppendLine();
        foreach (var photo in view.Photos.Take(50))
        {
            text.Append("- ").AppendLine(photo.Name);
        }

        var html = new StringBuilder($"<div style=\"{Font};max-width:36rem\"><h1 style=\"font-size:1.25rem\">{Text(title)}</h1><p>{Text(until)}</p><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\"><tr>");
        for (var i = 0; i < pictures.Count; i++)
        {
            html.Append(i is > 0 and var at && at % 3 == 0 ? "</tr><tr>" : "").Append(CultureInfo.InvariantCulture,
                $"<td style=\"padding:4px\"><a href=\"{Text(entry.AbsoluteUri)}\"><img src=\"cid:{pictures[i].Picture.Id}\" alt=\"{Text(pictures[i].Photo.Name)}\" style=\"display:block;border-radius:8px;max-width:160px\"></a></td>");
        }

        html.Append("</tr></table>");
        if (view.Photos.Count > pictures.Count && pictures.Count > 0)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"And {view.Photos.Count - pictures.Count} more");
            html.Append(CultureInfo.InvariantCulture, $"<p>{more}{(sheet is null ? "." : ":")}</p>");
            if (sheet is not null)
            {
                html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Text(entry.AbsoluteUri)}\"><img src=\"cid:{sheet.Id}\" alt=\"{more}\" style=\"display:block;border-radius:8px;max-width:100%\"></a></p>");
            }
        }

        html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Text(entry.AbsoluteUri)}\">See and download them</a></p><p style=\"color:#565e6c\">{Text(Only)}</p></div>");
        return new()
        {
            Key = $"grant-{id}", Person = to.Person, Address = to.Address, Title = title, Text = text.ToString(), Html = html.ToString(), Pictures = [.. pictures.Select(static one => one.Picture), .. sheet is null ? Array.Empty<NotificationPicture>() : [sheet]],
        };
    }

    /// <summary>The code that opens a grant for whoever reads the mail of its address.</summary>
    public static Notification OfCode(string code, string address, string key, TimeSpan life) => new()
    {
        Key = key, Address = address, Title = $"{code} is your code",
        Text = string.Create(CultureInfo.InvariantCulture, $"Type this code on the page that asks for it, to see the photos that are shown to you:\n\n    {code}\n\nIt holds for {life.TotalMinutes:0} minutes, once. If you did not ask for it, do nothing.\n"),
    };

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
