using System.CommandLine;
using Sharing.Apps;

namespace Sharing.Terminal.Commands;

/// <summary>The radar: <c>register</c>, <c>withdraw</c>, <c>friends</c>.</summary>
static class RadarCommands
{
    public static IEnumerable<Command> Make() => [Register(), Withdraw(), Friends()];

    static Command Register()
    {
        var file = new Argument<string>("FILE") { Description = "Your address book: a text file with a number or mail address on each line, or vCards" };
        var region = new Option<string>("--region") { Description = "Your country (DE): numbers without one are of there", HelpName = "COUNTRY", Required = true };
        return new Command("register", "Lets friends find you by contacts you have in common. Numbers do not leave this machine: only what the server cannot read does.") { file, region }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var contacts = ContactsIn(await File.ReadAllLinesAsync(parse.GetValue(file)!, cancellationToken));
                var count = await shell.Kept<AddressBook>().RegisterAsync(shell.Me, contacts, parse.GetValue(region)!, cancellationToken: cancellationToken);
                shell.Print(new { registered = count, read = contacts.Count }, r => shell.Say($"{r.registered} contacts are registered{(r.read > r.registered ? $"; {r.read - r.registered} lines were none, or the same" : "")}. See: sharing friends"));
                return ExitCodes.Ok;
            });
    }

    static Command Withdraw() => new Command("withdraw", "Takes your address book out; nothing of it is left on the server.").Does(async (shell, _, cancellationToken) =>
    {
        await shell.At<IContactRadar>().WithdrawAsync(shell.Me, cancellationToken);
        shell.Print(new { withdrawn = true }, _ => shell.Say("Your address book is out."));
        return ExitCodes.Ok;
    });

    static Command Friends() => new Command("friends", "Shows the friends that were found for you.").Does(async (shell, _, cancellationToken) =>
    {
        var friends = await shell.At<IContactRadar>().FriendsAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(friends, all =>
        {
            foreach (var friend in all)
            {
                shell.Say($"{friend.Person}: {friend.Shared} contacts in common{(friend.Confirmed ? "" : $" (confirm with: sharing befriend {friend.Person})")}");
            }

            if (all.Count == 0)
            {
                shell.Say("Nobody yet.");
            }
        });
        return ExitCodes.Ok;
    });

    /// <summary>Lines as they are; of vCards the numbers and mail addresses (RFC 6350, 6.4).</summary>
    static List<string> ContactsIn(IEnumerable<string> lines)
    {
        var contacts = new List<string>();
        var card = false;
        foreach (var line in lines.Select(static line => line.Trim()).Where(static line => line.Length > 0))
        {
            if (line.StartsWith("BEGIN:VCARD", StringComparison.OrdinalIgnoreCase) || line.StartsWith("END:VCARD", StringComparison.OrdinalIgnoreCase))
            {
                card = line[0] is 'B' or 'b';
            }
            else if (!card)
            {
                contacts.Add(line);
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[..colon].Split(';')[0].Split('.')[^1].ToUpperInvariant() is "TEL" or "EMAIL")
            {
                contacts.Add(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            }
        }

        return contacts;
    }
}
